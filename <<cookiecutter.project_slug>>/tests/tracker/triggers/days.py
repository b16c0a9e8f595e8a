"""Days for tests of due dates."""

from datetime import UTC, date, datetime, timedelta

from accounts.models import User
from themis.models import UserProfile
from tracker.models import Task

NOON = datetime(2100, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
DAY = timedelta(days=1)


def due(task: Task, day: date) -> Task:
    """Set the due date without sending a signal."""
    Task.objects.filter(pk=task.pk).update(due_date=day)
    return task


def lives_in(user: User, zone: str) -> None:
    UserProfile.objects.filter(user=user).update(timezone=zone)
