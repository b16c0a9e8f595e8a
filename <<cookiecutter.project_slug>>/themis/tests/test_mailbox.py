"""The newest notifications, and which statement finds them."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from themis.models import Level, MutedKind, UserNotification, UserProfile
from themis.notifications import notify_user, register_kind

pytestmark = pytest.mark.django_db

SOURCE = {"source_app": "tasks", "source_model": "Task", "source_id": "1"}


@pytest.mark.parametrize("near", [1, 5, 1000])
def test_newest_equals_sorting(user, other_user, monkeypatch, near):
    monkeypatch.setattr("themis.models.mailbox.NEAR", near)
    now = timezone.now()
    states = product(Level.values, (None, now), (None, now), "12", (user, other_user))
    for level, read_at, dismissed_at, source_id, owner in states:
        row = notify_user(
            owner, level, level=level, **{**SOURCE, "source_id": source_id}
        )
        rows = UserNotification.objects.filter(pk=row.pk)
        rows.update(read_at=read_at, dismissed_at=dismissed_at)
    mailbox = UserNotification.objects.filter(user=user).visible()
    everything = sorted(mailbox, key=lambda row: -row.pk)

    choices = product(([], ["danger"], ["info", "danger"]), (None, True, False), "12 ")
    for levels, is_read, source_id in choices:
        others = {"source_id": source_id} if source_id.strip() else {}
        expected = [
            row
            for row in everything
            if (not levels or row.level in levels)
            and is_read in (None, not row.is_unread)
            and (not others or row.source_id == source_id)
        ]
        for size in (1, 2, 100):
            page = mailbox.newest(size, levels=levels, is_read=is_read, **others)
            assert page == expected[:size], (levels, is_read, others, size)


def test_newest_first_is_by_id(user):
    rows = [notify_user(user, "Hello") for _ in range(3)]

    assert list(user.notifications.newest_first()) == rows[::-1]


# Reasons for the second statement, after the first has written nothing.


@pytest.fixture
def ghost(db):
    """A user without a profile."""
    [ghost] = get_user_model().objects.bulk_create([get_user_model()(username="ghost")])
    return ghost


def expire(row):
    past = timezone.now() - timedelta(hours=1)
    UserNotification.objects.filter(pk=row.pk).update(expires_at=past)


def test_without_profile_expired_duplicate_does_not_block(ghost):
    expire(notify_user(ghost, "Hello", deduplicate=True, **SOURCE))

    assert notify_user(ghost, "Hello", deduplicate=True, **SOURCE)
    assert notify_user(ghost, "Hello", deduplicate=True, **SOURCE) is None


def test_without_profile_a_kind_can_be_muted_too(ghost, monkeypatch):
    monkeypatch.setattr("themis.notifications.kinds._kinds", {})
    register_kind("tasks", "Task", "Tasks")
    MutedKind.objects.create(user=ghost, source_app="tasks", source_model="Task")

    assert notify_user(ghost, "Hello", **SOURCE) is None


def test_expired_duplicate_does_not_overrule_preferences(user):
    expire(notify_user(user, "Hello", deduplicate=True, **SOURCE))
    UserProfile.objects.update(notification_min_level=Level.DANGER)

    assert notify_user(user, "Hello", deduplicate=True, **SOURCE) is None
    assert notify_user(user, "Hello", level="danger", deduplicate=True, **SOURCE)


def test_duplicate_that_was_sent_without_deduplicate_counts(user):
    notify_user(user, "Hello", **SOURCE)
    notify_user(user, "Hello", **SOURCE)

    assert notify_user(user, "Hello", deduplicate=True, **SOURCE) is None
    assert user.notifications.count() == 2


def test_muted_takes_two_queries(user, django_assert_num_queries):
    UserProfile.objects.update(notifications_enabled=False)

    with django_assert_num_queries(2):
        assert notify_user(user, "Hello", deduplicate=True, **SOURCE) is None
