"""Effects of changes, except notifications: see `triggers/` for those."""

import pytest

from accounts.models import User
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_removed_member_is_unassigned(task: Task, member: User) -> None:
    task.project.members.remove(member)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_removed_member_is_unassigned_from_the_reverse_side(
    task: Task, member: User
) -> None:
    member.projects.remove(task.project)

    assert Task.objects.get(pk=task.pk).assignee is None
