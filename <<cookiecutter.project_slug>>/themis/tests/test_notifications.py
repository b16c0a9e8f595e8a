import logging
import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from themis.models import Level, UserNotification, UserProfile
from themis.notifications import is_safe_url, notify_user, notify_users

User = get_user_model()
SOURCE = {"source_app": "tasks", "source_model": "Task", "source_id": "42"}


def test_every_argument_is_stored(user):
    expires_at = timezone.now() + timedelta(days=1)

    notification = notify_user(
        user=user,
        title="Task overdue",
        message="Task 'Deploy v2' was due yesterday.",
        level="warning",
        url="/tasks/42/",
        deduplicate=True,
        expires_at=expires_at,
        **SOURCE,
    )

    stored = UserNotification.objects.get()
    assert stored == notification
    assert stored.user == user
    assert stored.title == "Task overdue"
    assert stored.message == "Task 'Deploy v2' was due yesterday."
    assert stored.level == Level.WARNING
    assert stored.url == "/tasks/42/"
    assert (stored.source_app, stored.source_model, stored.source_id) == (
        "tasks",
        "Task",
        "42",
    )
    assert stored.expires_at == expires_at
    assert stored.read_at is None
    assert stored.dismissed_at is None


def test_returned_notification_equals_the_stored_one(user):
    returned = notify_user(user, "Hello", deduplicate=True)

    stored = UserNotification.objects.get()
    for field in UserNotification._meta.concrete_fields:
        assert getattr(returned, field.name) == getattr(stored, field.name)


def test_returned_notification_can_be_saved(user):
    notification = notify_user(user, "Hello")

    notification.mark_read()
    notification.save()

    assert UserNotification.objects.get().read_at is not None


def test_defaults(user):
    notification = notify_user(user, "Hello")

    assert (notification.level, notification.message, notification.url) == (
        "info",
        "",
        "",
    )
    assert notification.expires_at is None


# Rule 1: what is skipped


def test_user_with_notifications_off_gets_nothing(user):
    user.profile.notifications_enabled = False
    user.profile.save()

    assert notify_user(user, "Should be skipped", level="danger") is None
    assert not UserNotification.objects.exists()


@pytest.mark.parametrize(
    ("minimum", "received"),
    [
        ("info", ["info", "success", "warning", "danger"]),
        ("success", ["info", "success", "warning", "danger"]),
        ("warning", ["warning", "danger"]),
        ("danger", ["danger"]),
    ],
)
def test_minimum_level(user, minimum, received):
    user.profile.notification_min_level = minimum
    user.profile.save()

    assert [level for level in Level if notify_user(user, "Hello", level=level)] == (
        received
    )


def test_preferences_are_read_when_notifying(user):
    stale = User.objects.select_related("profile").get(pk=user.pk)
    UserProfile.objects.update(notifications_enabled=False)

    assert notify_user(stale, "Hello") is None


def test_expired_on_arrival_is_skipped(user):
    assert notify_user(user, "Too late", expires_at=timezone.now()) is None
    assert not UserNotification.objects.exists()


# Rule 2: duplicates


def test_unread_duplicate_is_skipped(user):
    assert notify_user(user, "First", deduplicate=True, **SOURCE)
    assert notify_user(user, "Second", deduplicate=True, **SOURCE) is None


def test_unread_twin_sent_without_deduplicate_is_a_duplicate(user):
    assert notify_user(user, "First", **SOURCE)
    assert notify_user(user, "Second", deduplicate=True, **SOURCE) is None


def test_without_deduplicate_nothing_is_skipped(user):
    assert notify_user(user, "First", deduplicate=True, **SOURCE)
    assert notify_user(user, "Second", **SOURCE)


@pytest.mark.parametrize("verb", ["mark_read", "dismiss"])
def test_read_or_dismissed_is_not_a_duplicate(user, verb):
    first = notify_user(user, "First", deduplicate=True, **SOURCE)
    getattr(first, verb)()

    assert notify_user(user, "Second", deduplicate=True, **SOURCE)


def test_another_unread_twin_still_counts_when_one_is_read(user):
    first = notify_user(user, "First", deduplicate=True, **SOURCE)
    notify_user(user, "Second", **SOURCE)
    first.mark_read()

    assert notify_user(user, "Third", deduplicate=True, **SOURCE) is None


@pytest.mark.parametrize("name", ["source_app", "source_model", "source_id"])
def test_another_source_is_not_a_duplicate(user, name):
    notify_user(user, "First", deduplicate=True, **SOURCE)

    assert notify_user(user, "Second", deduplicate=True, **{**SOURCE, name: "other"})


def test_another_user_is_not_a_duplicate(user, other_user):
    assert notify_user(user, "Hello", deduplicate=True, **SOURCE)
    assert notify_user(other_user, "Hello", deduplicate=True, **SOURCE)


def test_without_source_the_same_content_is_a_duplicate(user):
    assert notify_user(user, "Hello", "World", deduplicate=True)
    assert notify_user(user, "Hello", "World", deduplicate=True) is None


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"message": "x"}, {"level": "danger"}, {"url": "/x/"}]
)
def test_without_source_other_content_is_not_a_duplicate(user, change):
    content = {"title": "Hello", "message": "World", "level": "info", "url": "/"}
    assert notify_user(user, deduplicate=True, **content)
    assert notify_user(user, deduplicate=True, **{**content, **change})


# Rule 4: expired duplicates


def test_expired_duplicate_does_not_block(user):
    first = notify_user(
        user,
        "First",
        deduplicate=True,
        expires_at=timezone.now() + timedelta(hours=1),
        **SOURCE,
    )
    UserNotification.objects.update(expires_at=timezone.now() - timedelta(hours=1))

    second = notify_user(user, "Second", deduplicate=True, **SOURCE)

    assert second.pk > first.pk
    assert notify_user(user, "Third", deduplicate=True, **SOURCE) is None


# Rule 5: the caller's transaction


@pytest.mark.django_db(transaction=True)
def test_rollback_removes_the_notification(user):
    with transaction.atomic():
        notify_user(user, "Hello")
        transaction.set_rollback(True)

    assert not UserNotification.objects.exists()


def test_transaction_is_usable_after_a_skip(user):
    with transaction.atomic():
        notify_user(user, "Hello", deduplicate=True)
        notify_user(user, "Hello", deduplicate=True)
        assert UserNotification.objects.count() == 1


# Rule 6: programming errors


def test_unknown_level_raises(user):
    levels = re.escape("['info', 'success', 'warning', 'danger']")
    with pytest.raises(ValueError, match=f"Unknown level 'error'. Use one of {levels}"):
        notify_user(user, "Hello", level="error")


@pytest.mark.parametrize("title", ["", " \t\n"])
def test_empty_title_raises(user, title):
    with pytest.raises(ValueError, match="^The title is empty. Say in a few words"):
        notify_user(user, title)


def test_unsaved_user_raises(db):
    with pytest.raises(ValueError, match="^Save the user <User: ada> before notifying"):
        notify_user(User(username="ada"), "Hello")


@pytest.mark.parametrize("nobody", [AnonymousUser(), None, 42, SimpleNamespace(pk=1)])
def test_no_user_raises(db, nobody):
    with pytest.raises(TypeError, match="^Pass a saved User, not"):
        notify_user(nobody, "Hello")


def test_naive_expires_at_raises(user):
    naive = datetime.fromisoformat("2030-01-01")
    with pytest.raises(ValueError, match="has no time zone. Pass an aware datetime"):
        notify_user(user, "Hello", expires_at=naive)


def test_source_id_that_is_no_string_raises(user):
    with pytest.raises(TypeError) as error:
        notify_user(user, "Hello", source_id=42)

    assert str(error.value) == "source_id=42 is not a string. Pass str() of it."


def test_source_id_that_is_too_long_raises(user):
    with pytest.raises(ValueError, match="^source_id is longer than 255 characters"):
        notify_user(user, "Hello", source_id="x" * 256)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//example.com/",
        "/\\example.com/",
        "\\\\example.com",
        "/\t/example.com",
        "/a\nb",
        " /tasks/",
        "tasks/42/",
        "http:tasks",
        "https:///tasks",
        "http://[::1",
        "ftp://example.com/",
        "/\x00",
        "/\u202eexe",
    ],
)
def test_unsafe_url_raises(user, url):
    assert not is_safe_url(url)
    with pytest.raises(ValueError, match="^Unsafe url .* Use a path of this site"):
        notify_user(user, "Hello", url=url)


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/tasks/42/?page=2#comment-7",
        "/aufgaben/größe/",
        "https://example.com/",
        "http://localhost:8000/a?b=c",
        "HTTPS://EXAMPLE.COM",
    ],
)
def test_safe_url_is_stored(user, url):
    assert notify_user(user, "Hello", url=url).url == url


def test_long_title_is_shortened_and_logged(user, caplog):
    with caplog.at_level(logging.WARNING, "themis"):
        notification = notify_user(user, "x" * 201)

    assert notification.title == "x" * 199 + "…"
    assert caplog.messages == ["Shortened a notification title of 201 characters."]


def test_title_of_200_characters_is_kept(user):
    assert notify_user(user, "x" * 200).title == "x" * 200


def test_nul_characters_do_not_break_the_caller(user):
    notification = notify_user(user, "a\0b", "c\0d")

    assert (notification.title, notification.message) == ("a\ufffdb", "c\ufffdd")


def test_lazy_translation_is_stored_as_text(user):
    assert notify_user(user, gettext_lazy("Yes")).title == "Yes"


# Rule 7: users without a profile


def test_user_without_profile_has_the_defaults(db):
    [ghost] = User.objects.bulk_create([User(username="ghost")])

    assert notify_user(ghost, "Hello")


def test_deleted_user_gets_nothing(user):
    gone = User.objects.get(pk=user.pk)
    user.delete()

    assert notify_user(gone, "Hello") is None


# Statements


def test_one_statement(user, django_assert_num_queries):
    with django_assert_num_queries(1):
        notify_user(user, "Hello", **SOURCE)


def test_one_statement_with_deduplicate(user, django_assert_num_queries):
    with django_assert_num_queries(1):
        notify_user(user, "Hello", deduplicate=True, **SOURCE)


def test_expired_duplicate_takes_another_query(user, django_assert_num_queries):
    notify_user(user, "Hello", deduplicate=True, **SOURCE)

    with django_assert_num_queries(2):
        assert notify_user(user, "Hello", deduplicate=True, **SOURCE) is None


# Many users


@pytest.fixture
def team(db):
    User.objects.bulk_create(User(username=f"user{n}") for n in range(5))
    return User.objects.filter(username__startswith="user")


def test_notify_users_by_queryset(team):
    assert notify_users(team, "Hello", url="/") == 5
    assert UserNotification.objects.filter(title="Hello", url="/").count() == 5


@pytest.mark.parametrize("kind", [list, tuple, set, iter])
def test_notify_users_by_iterable(team, kind):
    assert notify_users(kind(team), "Hello") == 5


def test_notify_users_with_a_sliced_and_ordered_queryset(team):
    assert notify_users(team.order_by("-username")[:2], "Hello") == 2
    assert set(UserNotification.objects.values_list("user__username", flat=True)) == {
        "user3",
        "user4",
    }


@pytest.mark.parametrize("nobody", [[], User.objects.none()])
def test_notify_users_without_recipients(db, nobody):
    assert notify_users(nobody, "Hello") == 0


def test_notify_users_skips_like_notify_user(team):
    off, strict, told = team[:3]
    UserProfile.objects.create(user=off, notifications_enabled=False)
    UserProfile.objects.create(user=strict, notification_min_level="danger")
    notify_user(told, "Earlier", **SOURCE)

    assert notify_users(team, "Hello", deduplicate=True, **SOURCE) == 2
    assert notify_users(team, "Hello", deduplicate=True, **SOURCE) == 0


def test_notify_users_counts_a_user_once(team, monkeypatch):
    monkeypatch.setattr("themis.notifications.sending.BATCH_SIZE", 2)

    assert notify_users([*team, *team], "Hello") == 5


def test_notify_users_statements_do_not_grow(team, django_assert_num_queries):
    # Savepoint, lock (on PostgreSQL), release of expired keys, insert, release.
    statements = 5 if connection.vendor == "postgresql" else 4
    with django_assert_num_queries(statements):
        notify_users(team, "Hello", deduplicate=True, **SOURCE)


def test_notify_users_with_other_models_raises(db):
    with pytest.raises(TypeError) as error:
        notify_users(UserNotification.objects.all(), "Hello")

    assert str(error.value) == "Pass users, not a queryset of UserNotification."


def test_notify_users_of_one_user(user):
    with pytest.raises(TypeError, match="alone, use notify_user"):
        notify_users(user, "Hello")


def test_notify_users_is_all_or_nothing(team, monkeypatch):
    monkeypatch.setattr("themis.notifications.sending.BATCH_SIZE", 2)

    with pytest.raises(TypeError, match="^Pass a saved User, not None."):
        notify_users([*team, None], "Hello")
    assert not UserNotification.objects.exists()


def test_notify_users_expired_on_arrival(team):
    assert notify_users(team, "Hello", expires_at=timezone.now()) == 0


def test_many_are_written_in_key_order(db):
    """Send as docs/notifications.md recommends, to avoid deadlocks."""
    users = User.objects.bulk_create(
        User(username=f"user{number}") for number in range(20)
    )
    for user in users[:10]:  # PostgreSQL moves updated rows to the end
        user.save()

    notify_users(User.objects.order_by("-pk"), "Hello", deduplicate=True)

    rows = UserNotification.objects.order_by("pk").values_list("user", flat=True)
    assert list(rows) == sorted(user.pk for user in users)
