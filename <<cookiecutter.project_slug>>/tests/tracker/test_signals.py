"""Effects of changes, except notifications: see `triggers/` for those."""

import pytest

from accounts.models import User
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_member_who_leaves_loses_the_tasks(task: Task, member: User) -> None:
    task.project.members.remove(member)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_member_who_leaves_from_the_other_side_loses_the_tasks(
    task: Task, member: User
) -> None:
    member.projects.remove(task.project)

    assert Task.objects.get(pk=task.pk).assignee is None
