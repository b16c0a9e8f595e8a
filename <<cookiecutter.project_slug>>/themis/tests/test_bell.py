from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from themis.formatting import override
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user
from themis.notifications.bell import MESSAGE_LENGTH, Bell

HOUR = timedelta(hours=1)
STATES = ("read_at", "dismissed_at", "expires_at")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("unread", "badge"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (120, "99+")]
)
def test_badge(user, unread, badge):
    for number in range(unread):
        notify_user(user, f"Number {number}")
    assert Bell(user).badge == badge


def test_counts_beyond_the_newest_rows(user):
    for number in range(30):
        notify_user(user, f"Number {number}")
    newest = UserNotification.objects.order_by("-id")[:20].values("pk")
    UserNotification.objects.filter(pk__in=newest).mark_read()
    assert Bell(user).unread == 10


def test_newest_first(user):
    for title in ("first", "second"):
        notify_user(user, title)
    assert [str(notification) for notification in Bell(user).newest] == [
        "second",
        "first",
    ]


def test_excludes_dismissed_expired_and_foreign(user, django_user_model):
    notify_user(django_user_model.objects.create(username="other"), "Another user's")
    for dismissed, expired in product((False, True), repeat=2):
        notification = notify_user(user, f"{dismissed} {expired}")
        now = timezone.now()
        UserNotification.objects.filter(pk=notification.pk).update(
            dismissed_at=now if dismissed else None, expires_at=now if expired else None
        )
    bell = Bell(user)
    assert ([str(notification) for notification in bell.newest], bell.unread) == (
        ["False False"],
        1,
    )


def test_newest_row_has_the_pages_key(user):
    assert Bell(user).newest_id is None
    notify_user(user, "Hello").mark_read()
    newest = notify_user(user, "Hello")
    notify_user(user, "Hello").dismiss()
    assert Bell(user).newest_id == newest.pk


def test_one_query_for_the_badge(user, django_assert_num_queries):
    notification = notify_user(user, "Hello")
    bell = Bell(user)
    with django_assert_num_queries(1):
        assert (bell.badge, bell.unread, bell.newest_id) == ("1", 1, notification.pk)


def test_one_query_for_all(user, django_assert_num_queries):
    notification = notify_user(user, "Hello")
    bell = Bell(user)
    with django_assert_num_queries(1):
        assert bell.newest == [notification]
        assert (bell.badge, bell.unread, bell.newest_id) == ("1", 1, notification.pk)
        assert bell.etag


def test_matches_the_querysets(user):
    """The bell's own statements find what `visible()` and `unread()` find."""
    earlier, later = timezone.now() - HOUR, timezone.now() + HOUR
    for moments in product((None, earlier), (None, earlier), (None, earlier, later)):
        notification = notify_user(user, "Hello")
        values = dict(zip(STATES, moments, strict=True))
        UserNotification.objects.filter(pk=notification.pk).update(**values)
    visible = UserNotification.objects.visible().order_by("-id")
    bell = Bell(user)
    assert bell.newest == list(visible)
    assert Bell(user).unread == bell.unread == UserNotification.objects.unread().count()


def test_long_messages_are_cut(user):
    notify_user(user, "Hello", "x" * 10_000)
    assert len(Bell(user).newest[0].message) == MESSAGE_LENGTH


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Good-bye"},
        {"message": "More"},
        {"level": "danger"},
        {"read_at": timezone.now()},
        {"dismissed_at": timezone.now()},
        {"expires_at": timezone.now() - HOUR},
    ],
)
def test_etag_changes_with_the_content(user, change):
    notify_user(user, "Hello")
    before = Bell(user).etag
    assert Bell(user).etag == before
    UserNotification.objects.update(**change)
    assert Bell(user).etag != before


@pytest.mark.parametrize("name", UserProfile.VARIANT_FIELDS)
def test_etag_changes_with_the_reader(user, name):
    notify_user(user, "Hello")
    before = Bell(user).etag
    setattr(user.profile, name, "anything")
    with override(user.profile):
        assert Bell(user).etag != before


def test_bell_is_lazy(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        Bell(user)
