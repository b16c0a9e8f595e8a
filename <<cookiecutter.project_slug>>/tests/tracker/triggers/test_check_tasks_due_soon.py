from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from tests.tracker.triggers.days import DAY, TODAY, due, lives_in
from themis.models import Level
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import sources, triggers
from tracker.models import Task
from tracker.models.due_dates import DUE_SOON

pytestmark = pytest.mark.django_db

LAST = TODAY + DUE_SOON


@pytest.mark.parametrize("day", [TODAY, LAST])
def test_notifies_the_assignee(
    task: Task, member: User, stranger: User, noon: datetime, day: date
) -> None:
    due(task, day)

    assert triggers.check_tasks_due_soon()
    assert_notified(member, source=(sources.APP, sources.DUE, task.pk))
    assert_not_notified(stranger)


@pytest.mark.parametrize("day", [TODAY - DAY, LAST + DAY, None])
def test_not_due_soon(task: Task, noon: datetime, day: date | None) -> None:
    due(task, day)

    assert triggers.check_tasks_due_soon() == 0


def test_without_an_assignee(task: Task, noon: datetime) -> None:
    Task.objects.update(assignee=None, due_date=TODAY)

    with assert_nothing_sent():
        triggers.check_tasks_due_soon()


def test_expires_when_the_day_is_over(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    lives_in(member, "Asia/Kolkata")
    triggers.check_tasks_due_soon()

    expected = datetime(2100, 3, 10, 18, 30, tzinfo=UTC)
    assert assert_notified(member).expires_at == expected


def test_expires_when_the_time_has_come(
    task: Task, member: User, noon: datetime
) -> None:
    Task.objects.update(due_date=TODAY, due_time="17:00")
    lives_in(member, "America/Lima")
    triggers.check_tasks_due_soon()

    expected = datetime(2100, 3, 10, 22, tzinfo=UTC)
    assert assert_notified(member).expires_at == expected


def test_not_overdue_west_of_utc(
    task: Task, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Lima it is still the 10th."""
    night = datetime(2100, 3, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    due(task, TODAY)
    lives_in(member, "America/Lima")

    assert triggers.check_tasks_due_soon()


def test_overdue_east_of_utc(task: Task, member: User, noon: datetime) -> None:
    """It is the 11th in Kiritimati."""
    due(task, LAST + DAY)
    lives_in(member, "Pacific/Kiritimati")

    assert triggers.check_tasks_due_soon()


def test_once_though_read(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.all().mark_read()

    assert triggers.check_tasks_due_soon() == 0


@pytest.mark.skipif(LAST == TODAY, reason="There is no other day.")
def test_again_for_another_day(task: Task, noon: datetime) -> None:
    due(task, LAST)
    triggers.check_tasks_due_soon()
    task.due_date = TODAY
    task.save()

    assert triggers.check_tasks_due_soon()


def test_weighs_no_more_than_overdue(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    due(task, TODAY - DAY)
    member.notifications.all().dismiss()
    triggers.check_overdue_tasks()

    overdue, soon = member.notifications.order_by("-id")
    assert Level(soon.level).weight <= Level(overdue.level).weight


@pytest.mark.parametrize("reads", [False, True])
def test_clock_set_back_and_forth(
    task: Task, member: User, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Move by an hour around the midnight that ends the day: no second reminder."""
    due(task, TODAY)
    lives_in(member, "UTC")
    midnight = datetime(2100, 3, 11, tzinfo=UTC)
    for minutes in (-90, -30, -90, 30, -30, 30):
        now = midnight + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        overdue_before = member.notifications.filter(expires_at=None).count()
        triggers.check_tasks_due_soon()
        triggers.check_overdue_tasks()
        if minutes < 0:  # nothing is overdue
            overdue = member.notifications.filter(expires_at=None)
            assert overdue.count() == overdue_before
        if reads:
            member.notifications.exclude(expires_at=None).mark_read()

    [reminder] = member.notifications.exclude(expires_at=None)
    assert reminder.expires_at == midnight
    assert_notified(member, times=2)


def test_command(task: Task, member: User) -> None:
    due(task, timezone.localdate() + timedelta(days=DUE_SOON.days))
    call_command("check_due_soon", verbosity=0)

    assert_notified(member, source=(sources.APP, sources.DUE, task.pk))
