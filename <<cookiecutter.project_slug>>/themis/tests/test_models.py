from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from themis.models import Level, UserNotification, UserProfile
from themis.notifications import notify_user

HOUR = timedelta(hours=1)


@pytest.fixture
def notification(user):
    return notify_user(user, "Hello", deduplicate=True)


def test_level_weights():
    assert {level.value: level.weight for level in Level} == {
        "info": 0,
        "success": 0,
        "warning": 1,
        "danger": 2,
    }


def test_unknown_level_is_refused_by_the_database(notification):
    with pytest.raises(IntegrityError):
        UserNotification.objects.update(level="error")


# The mailbox


@pytest.mark.parametrize(
    ("state", "visible", "unread"),
    [
        ({}, True, True),
        ({"read_at": timezone.now()}, True, False),
        ({"dismissed_at": timezone.now()}, False, False),
        ({"expires_at": timezone.now() - HOUR}, False, False),
        ({"expires_at": timezone.now() + HOUR}, True, True),
    ],
)
def test_visible_and_unread(notification, state, visible, unread):
    UserNotification.objects.update(**state)

    assert UserNotification.objects.visible().exists() is visible
    assert UserNotification.objects.unread().exists() is unread


def test_verbs_match_for_one_and_many(user):
    one, other = notify_user(user, "one"), notify_user(user, "other")

    one.mark_read()
    assert UserNotification.objects.mark_read() == 1
    other.dismiss()
    assert UserNotification.objects.dismiss() == 1


@pytest.mark.parametrize(
    ("verb", "field"), [("mark_read", "read_at"), ("dismiss", "dismissed_at")]
)
def test_verbs_are_idempotent(notification, verb, field):
    getattr(notification, verb)()
    first = getattr(notification, field)
    getattr(notification, verb)()

    assert first is not None
    assert getattr(notification, field) == first


def test_dismissing_does_not_read(notification):
    notification.dismiss()

    assert notification.is_unread


def test_from_source(user):
    source = {"source_app": "tasks", "source_model": "Task", "source_id": "42"}
    wanted = notify_user(user, "Hello", **source)
    for name in source:
        notify_user(user, "Hello", **{**source, name: "other"})

    assert list(UserNotification.objects.from_source("tasks", "Task", "42")) == [wanted]


def test_notifications_go_with_their_user(notification, user):
    user.delete()

    assert not UserNotification.objects.exists()


# Every index serves a query, and every query has its index.


def plan(queryset):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # it would scan a small table
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return queryset.explain()


def test_index_of_the_list(user):
    mailbox = UserNotification.objects.filter(user=user).visible().newest_first()
    assert "themis_mailbox" in plan(mailbox.filter(pk__lt=100)[:25])


def test_index_of_the_bell(user):
    mailbox = UserNotification.objects.filter(user=user).unread()
    assert "themis_unread" in plan(mailbox.newest_first()[:100])


def test_index_of_the_source(user):
    rows = UserNotification.objects.from_source("tasks", "Task", "42")
    assert "themis_source" in plan(rows)


def test_index_of_the_expired(user):
    assert "themis_expiring" in plan(UserNotification.objects.expired(timezone.now()))


# The profile


def test_profile_is_created_with_the_user(user):
    assert user.profile.wants("info")


def test_fixture_may_bring_its_own_profile(user, tmp_path):
    fixture = tmp_path / "users.json"
    call_command("dumpdata", "auth.User", "themis", output=str(fixture))
    user.delete()
    call_command("loaddata", str(fixture), verbosity=0)

    assert UserProfile.objects.count() == 1


def test_profile_of_a_user_without_one(django_user_model, db):
    [ghost] = django_user_model.objects.bulk_create([django_user_model(username="g")])

    assert ghost.profile.pk is None
    assert ghost.profile.wants("info")
    assert ghost.profile is ghost.profile


def test_profile_of_a_user_without_one_is_saved_like_any_other(django_user_model, db):
    """As in the notification trigger pattern, "Testing Notifications"."""
    django_user_model.objects.bulk_create([django_user_model(username="g")])
    ghost = django_user_model.objects.select_related("profile").get()
    ghost.profile.notifications_enabled = False
    ghost.profile.save()

    assert not django_user_model.objects.get().profile.notifications_enabled


def test_profile_saved_by_another_process(django_user_model, db):
    django_user_model.objects.bulk_create([django_user_model(username="g")])
    first, second = (django_user_model.objects.get() for _ in range(2))
    first.profile.theme, second.profile.theme = "dark", "light"
    first.profile.save()
    second.profile.save()

    assert UserProfile.objects.get().theme == "light"


def test_profile_refused_for_another_reason(user, monkeypatch):
    def refuse(self, **kwargs):
        raise IntegrityError("another reason")

    profile = user.profile
    UserProfile.objects.all().delete()
    profile.pk = None
    monkeypatch.setattr("django.db.models.Model.save", refuse)

    with pytest.raises(IntegrityError, match="another reason"):
        profile.save()


def test_user_is_still_deleted_with_its_profile(user):
    user.delete()

    assert not UserProfile.objects.exists()


@pytest.mark.parametrize(
    ("enabled", "minimum", "level", "wanted"),
    [
        (True, "info", "info", True),
        (True, "warning", "success", False),
        (True, "warning", "danger", True),
        (False, "info", "danger", False),
    ],
)
def test_wants(enabled, minimum, level, wanted):
    profile = UserProfile(notifications_enabled=enabled, notification_min_level=minimum)

    assert profile.wants(level) is wanted


def test_wants_no_unknown_level():
    with pytest.raises(ValueError, match="'error' is not a valid Level"):
        UserProfile().wants("error")


def test_unknown_timezone_is_refused(user):
    user.profile.timezone = "Mars/Olympus"

    with pytest.raises(ValidationError) as error:
        user.profile.full_clean()
    assert error.value.message_dict == {
        "timezone": [
            "Mars/Olympus is not a time zone. Use a name such as Europe/Berlin."
        ]
    }


def test_profile_defaults_follow_the_settings(settings, django_user_model, db):
    settings.TIME_ZONE, settings.LANGUAGE_CODE = "Asia/Tokyo", "de"
    profile = django_user_model.objects.create_user("ada").profile

    assert (profile.timezone, profile.language) == ("Asia/Tokyo", "de")
