from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from tests.tracker.triggers.days import DAY, TODAY, due, lives_in
from themis.models import UserProfile
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import sources, triggers
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_notifies_the_assignee(
    task: Task, member: User, stranger: User, noon: datetime
) -> None:
    due(task, TODAY - DAY)

    assert triggers.check_overdue_tasks()
    notification = assert_notified(member, source=(sources.APP, sources.DUE, task.pk))
    assert notification.url == task.get_absolute_url()
    assert_not_notified(stranger)


def test_once_while_unread(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()

    assert triggers.check_overdue_tasks() == 0
    assert_notified(member, source=(sources.APP, sources.DUE, task.pk), times=1)


def test_again_after_reading(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()
    member.notifications.all().mark_read()
    triggers.check_overdue_tasks()

    assert_notified(member, source=(sources.APP, sources.DUE, task.pk), times=2)


def test_is_not_hidden_by_an_unread_assignment(
    task: Task, member: User, noon: datetime
) -> None:
    task.assignee = None
    task.save()
    task.assignee = member
    task.save()
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()

    assert_notified(member, source=(sources.APP, sources.DUE, task.pk))


def test_due_today_is_not_overdue(task: Task, noon: datetime) -> None:
    due(task, TODAY)

    assert triggers.check_overdue_tasks() == 0


def test_without_an_assignee(task: Task, noon: datetime) -> None:
    Task.objects.update(assignee=None, due_date=TODAY - DAY)

    with assert_nothing_sent():
        triggers.check_overdue_tasks()


def test_overdue_east_of_utc(task: Task, member: User, noon: datetime) -> None:
    """At noon in London, it is the 11th in Auckland, and the 10th is over."""
    due(task, TODAY)
    lives_in(member, "Pacific/Auckland")

    assert triggers.check_overdue_tasks()


def test_not_overdue_west_of_utc(
    task: Task, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime(2100, 3, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    due(task, TODAY)
    lives_in(member, "America/Lima")

    assert triggers.check_overdue_tasks() == 0


def test_without_a_profile(task: Task, member: User, noon: datetime) -> None:
    UserProfile.objects.filter(user=member).delete()
    due(task, TODAY - DAY)

    assert triggers.check_overdue_tasks()


def test_does_not_touch_the_task(task: Task, noon: datetime) -> None:
    due(task, TODAY - DAY)
    before = Task.objects.values().get()
    triggers.check_overdue_tasks()

    assert Task.objects.values().get() == before


def test_after_a_reminder_has_expired(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()

    assert member.notifications.visible().exists()


def test_command(task: Task, member: User) -> None:
    due(task, timezone.localdate() - 3 * DAY)
    call_command("check_overdue", verbosity=0)

    assert_notified(member, source=(sources.APP, sources.DUE, task.pk))
