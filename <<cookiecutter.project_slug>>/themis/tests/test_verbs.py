"""Restoring a notification gives way to a newer one from the same source."""

from datetime import timedelta

import pytest
from django.utils import timezone

from themis.models import UserNotification
from themis.notifications import notify_user

pytestmark = pytest.mark.django_db

SOURCE = {"source_app": "tasks", "source_model": "Task", "source_id": "1"}


def send(user, **options):
    options = {"deduplicate": True, **SOURCE, **options}
    return notify_user(user, "Overdue", **options)


def unread():
    return list(UserNotification.objects.unread().order_by("id"))


@pytest.mark.parametrize(
    ("verb", "undo", "field"),
    [("mark_read", "mark_unread", "read_at"), ("dismiss", "restore", "dismissed_at")],
)
class TestUndo:
    def test_one(self, user, verb, undo, field):
        notification = send(user)
        getattr(notification, verb)()
        getattr(notification, undo)()

        assert getattr(notification, field) is None
        assert unread() == [notification]

    def test_many(self, user, other_user, verb, undo, field):
        first, second = send(user), send(other_user)
        getattr(UserNotification.objects, verb)()

        assert getattr(UserNotification.objects, undo)() == 2
        assert getattr(UserNotification.objects, undo)() == 0
        assert unread() == [first, second]

    def test_is_superseded_by_a_newer_one(self, user, verb, undo, field):
        old = send(user)
        getattr(old, verb)()
        new = send(user)

        getattr(old, undo)()

        assert getattr(old, field) is not None
        assert getattr(UserNotification.objects, undo)() == 0
        assert unread() == [new]

    def test_is_superseded_by_one_without_deduplicate(self, user, verb, undo, field):
        old = send(user)
        getattr(old, verb)()
        new = send(user, deduplicate=False)

        getattr(old, undo)()

        assert unread() == [new]

    def test_newest_of_several_is_restored(self, user, verb, undo, field):
        rows = []
        for _ in range(3):
            rows.append(send(user))
            getattr(rows[-1], verb)()

        assert getattr(UserNotification.objects, undo)() == 1
        assert unread() == [rows[-1]]

    def test_others_are_all_restored(self, user, verb, undo, field):
        rows = [send(user, deduplicate=False) for _ in range(3)]
        getattr(UserNotification.objects, verb)()

        assert getattr(UserNotification.objects, undo)() == 3
        assert unread() == rows

    def test_expired_one_blocks_nothing(self, user, verb, undo, field):
        old = send(user)
        getattr(old, verb)()
        new = send(user, expires_at=timezone.now() + timedelta(hours=1))
        UserNotification.objects.filter(pk=new.pk).update(expires_at=timezone.now())

        getattr(old, undo)()

        assert unread() == [old]

    def test_deleted_row_is_a_no_op(self, user, verb, undo, field):
        notification = send(user)
        UserNotification.objects.all().delete()

        getattr(notification, verb)()
        getattr(notification, undo)()

        assert not UserNotification.objects.exists()


def test_restored_read_row_is_not_superseded(user):
    old = send(user)
    old.mark_read()
    old.dismiss()
    send(user)

    old.restore()

    assert old.dismissed_at is None
    assert old.read_at is not None


@pytest.mark.parametrize("field", ["read_at", "dismissed_at"])
def test_row_marked_in_another_way_blocks_no_successor(user, field):
    notification = send(user)
    setattr(notification, field, timezone.now())
    notification.save()

    assert send(user) is not None
    UserNotification.objects.update(**{field: timezone.now()})
    assert send(user) is not None
