"""Equal and absent values stay so. Values that cannot be stored raise at once."""

import enum
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.contrib.auth import get_user_model
from django.utils.safestring import mark_safe

from themis.models import Level, UserNotification
from themis.models.source import SourceKeyField, source_key, text_key
from themis.notifications import notify_user, notify_users

pytestmark = pytest.mark.django_db

SOURCE = {"source_app": "tasks", "source_model": "Task", "source_id": "1"}


class Name(enum.StrEnum):
    TASK = "Task"


@pytest.mark.parametrize(
    "again",
    [
        {"level": Level.WARNING},
        {"level": "warning", "source_model": Name.TASK},
        {"level": "warning", "source_id": mark_safe("1")},
    ],
)
def test_equal_sources_are_equal_whatever_their_type(user, again):
    notify_user(user, "Late", level="warning", deduplicate=True, **SOURCE)

    assert notify_user(user, "Late", deduplicate=True, **{**SOURCE, **again}) is None


def test_equal_texts_are_equal_whatever_their_type(user):
    notify_user(user, "Late", level=Level.WARNING, deduplicate=True)

    assert (
        notify_user(user, mark_safe("Late"), level="warning", deduplicate=True) is None
    )
    assert notify_user(user, "Late", level="danger", deduplicate=True) is not None


def test_source_parts_are_delimited():
    keys = {
        source_key("ab", "c", ""),
        source_key("a", "bc", ""),
        source_key("a", "b", "c"),
    }

    assert len(keys) == 3
    assert text_key("a", "", "info", "") != source_key("a", "", "info")


def test_key_is_derived_from_stored_values(user):
    for notification in (
        notify_user(user, "Late", deduplicate=True, **SOURCE),
        notify_user(user, "Late", "Now", level="danger", url="/a/", deduplicate=True),
    ):
        notification.refresh_from_db()
        assert notification.source_key == SourceKeyField.of(notification)


def test_rows_of_a_fixture_have_a_key_too(user):
    [row] = UserNotification.objects.bulk_create(
        [UserNotification(user=user, title="Late", **SOURCE)]
    )

    assert UserNotification.objects.from_source("tasks", "Task", "1").get() == row
    assert UserNotification.objects.filter(**SOURCE).get() == row
    assert user.notifications.filter(**SOURCE).get() == row


def test_row_is_found_by_its_changed_source(user):
    notification = notify_user(user, "Late", **SOURCE)
    notification.source_id = "2"
    notification.save()

    assert UserNotification.objects.from_source("tasks", "Task", "2").exists()
    assert not UserNotification.objects.from_source("tasks", "Task", "1").exists()


def test_each_recipient_is_notified_once_whatever_the_clock_says(monkeypatch, db):
    now = datetime(2026, 3, 9, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    monkeypatch.setattr("themis.notifications.sending.BATCH_SIZE", 2)
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"user {number}") for number in range(5)]
    )

    assert notify_users([*users, *users, users[0]], "Hello") == 5
    assert notify_users(iter(users), "Hello") == 5


def test_deleted_user_is_not_notified(user, other_user):
    get_user_model().objects.filter(pk=user.pk).delete()

    assert notify_user(user, "Hello") is None
    assert notify_users([user, other_user], "Hello") == 1


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_unstorable_characters_in_text_are_replaced(user, character):
    notification = notify_user(user, f"a{character}b", f"c{character}d")
    notification.refresh_from_db()

    assert (notification.title, notification.message) == ("a\ufffdb", "c\ufffdd")


@pytest.mark.parametrize("character", ["\0", "\ud800"])
@pytest.mark.parametrize("name", [*SOURCE, "url"])
def test_unstorable_characters_in_names_raise(user, name, character):
    with pytest.raises(ValueError, match=f"^({name}|Unsafe url)"):
        notify_user(user, "Hello", **{name: f"/a{character}"})


WEST, EAST = timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))


def test_the_last_moment_of_the_calendar_is_stored(user):
    last = datetime.max.replace(tzinfo=UTC)
    notification = notify_user(user, "Hello", expires_at=last)
    notification.refresh_from_db()

    assert notification.expires_at == last


def test_datetime_out_of_utc_range_raises(user):
    with pytest.raises(ValueError, match="is a year in UTC that no calendar has"):
        notify_user(user, "Hello", expires_at=datetime.max.replace(tzinfo=WEST))
    with pytest.raises(ValueError, match="is a year in UTC that no calendar has"):
        notify_user(user, "Hello", expires_at=datetime.min.replace(tzinfo=EAST))


def test_non_datetime_expiry_raises(user):
    with pytest.raises(TypeError, match="^expires_at=.* is not a datetime"):
        notify_user(user, "Hello", expires_at=Name.TASK)


@pytest.mark.parametrize("send", ["one", "many"])
def test_row_expiring_now_does_not_block(user, monkeypatch, send):
    now = datetime.now(UTC) + timedelta(hours=1)
    notify_user(user, "Late", deduplicate=True, expires_at=now, **SOURCE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    if send == "one":
        assert notify_user(user, "Late", deduplicate=True, **SOURCE) is not None
    else:
        assert notify_users([user], "Late", deduplicate=True, **SOURCE) == 1
