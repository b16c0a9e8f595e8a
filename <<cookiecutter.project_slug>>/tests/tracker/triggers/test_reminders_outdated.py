import pytest

from accounts.models import User
from themis.notifications import notify_user
from tracker import sources
from tracker.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminded(task: Task, member: User) -> User:
    """A user who has a reminder."""
    notify_user(member, "Overdue", **sources.about(sources.DUE, task))
    return member


@pytest.mark.parametrize(
    ("field", "value"),
    [("assignee", None), ("due_date", "2099-01-01"), ("due_time", "17:00")],
)
def test_when_the_task_changes(
    task: Task, reminded: User, field: str, value: str | None
) -> None:
    setattr(task, field, value)
    task.save()

    assert not reminded.notifications.visible().exists()


def test_not_when_other_fields_change(task: Task, reminded: User) -> None:
    task.title = "Deploy v3"
    task.save()

    assert reminded.notifications.visible().exists()
