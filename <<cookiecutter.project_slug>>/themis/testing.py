"""Assertions for tests of triggers: who was notified, at which level, about what.

    from themis.testing import assert_notified, capture_notifications

    def test_overdue_task_notifies_its_assignee(task):
        check_overdue_tasks()

        source = ("tracker", "Task", task.pk)
        assert_notified(task.assignee, level="danger", source=source)

They work in pytest and in Django's TestCase alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

__all__ = [
    "assert_not_notified",
    "assert_nothing_sent",
    "assert_notified",
    "capture_notifications",
]

# App, model and id, as the trigger passes them. The id may be a number.
Source = tuple[str, str, object]


def assert_notified(
    user: "User",
    *,
    level: str | None = None,
    source: Source | None = None,
    times: int = 1,
) -> UserNotification:
    """Assert that the user has exactly one such notification, and return it.

    Args:
        user: the recipient.
        level: its expected level; None for any.
        source: its expected app, model and id; None for any.
        times: the expected number, if not one. The newest is returned.

    Read, dismissed and expired notifications count, since they were sent.

    Raises AssertionError, which lists what was sent to the user instead.
    """
    if times < 1:
        raise ValueError("To assert that nothing was sent, use assert_not_notified().")
    found = list(_matching(user, level, source).order_by("-id"))
    if len(found) != times:
        raise AssertionError(
            f"{user} was notified {len(found)} time(s), not {times}"
            f"{_wanted(level, source)}. {_mailbox(user)}"
        )
    return found[0]


def assert_not_notified(
    user: "User", *, level: str | None = None, source: Source | None = None
) -> None:
    """Assert that the user has no such notification.

    Takes the arguments of `assert_notified()`. Raises AssertionError, which lists what
    was sent to the user.
    """
    if _matching(user, level, source).exists():
        raise AssertionError(
            f"{user} was notified{_wanted(level, source)}. {_mailbox(user)}"
        )


@contextmanager
def capture_notifications() -> Iterator[list[UserNotification]]:
    """Collect the notifications that the block sends to anybody, oldest first.

        with capture_notifications() as sent:
            task.approve()
        assert [notification.user for notification in sent] == [task.created_by]

    The list is filled when the block ends, without what the block deletes again.
    """
    everything = UserNotification.objects.order_by("-id")
    before = everything.values_list("pk", flat=True).first() or 0
    sent: list[UserNotification] = []
    try:
        yield sent
    finally:
        new = UserNotification.objects.filter(pk__gt=before).select_related("user")
        sent.extend(new.order_by("id"))


@contextmanager
def assert_nothing_sent() -> Iterator[None]:
    """Assert that the block notifies nobody.

    Raises AssertionError, which lists what was sent.
    """
    with capture_notifications() as sent:
        yield
    if sent:
        raise AssertionError("Expected no notification, but got these:" + _list(sent))


def _matching(
    user: "User", level: str | None, source: Source | None
) -> NotificationQuerySet:
    notifications = UserNotification.objects.filter(user=user)
    if level is not None:
        notifications = notifications.filter(level=level)
    if source is not None:
        app, model, id = source
        notifications = notifications.from_source(app, model, str(id))
    return notifications


def _wanted(level: str | None, source: Source | None) -> str:
    wanted = [f"level {level}"] if level is not None else []
    if source is not None:
        wanted.append("source " + "/".join(map(str, source)))
    return " with " + " and ".join(wanted) if wanted else ""


def _mailbox(user: "User") -> str:
    sent = list(UserNotification.objects.filter(user=user).order_by("id"))
    return "Sent to this user:" + (_list(sent) or " nothing.")


def _list(notifications: list[UserNotification]) -> str:
    return "".join(
        f"\n  {each.user}: {each.title!r}, level {each.level}, source "
        f"{each.source_app}/{each.source_model}/{each.source_id}"
        for each in notifications
    )
