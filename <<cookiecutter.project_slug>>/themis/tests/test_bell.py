from itertools import product

import pytest
from django.utils import timezone

from themis.models import UserNotification
from themis.notifications import notify_user
from themis.notifications.bell import Bell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("unread", "badge"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (120, "99+")]
)
def test_badge(user, unread, badge):
    for number in range(unread):
        notify_user(user, f"Number {number}")
    assert Bell(user).badge == badge


def test_counts_what_is_older_than_the_newest_rows(user):
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


def test_leaves_out_what_is_dismissed_expired_or_another_users(user, django_user_model):
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


def test_one_query(user, django_assert_num_queries):
    notify_user(user, "Hello")
    bell = Bell(user)
    with django_assert_num_queries(1):
        assert (bell.badge, bell.unread, len(bell.newest)) == ("1", 1, 1)


def test_no_query_until_something_is_asked_for(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        Bell(user)
