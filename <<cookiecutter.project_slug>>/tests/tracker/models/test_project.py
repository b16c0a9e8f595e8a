import pytest

from accounts.models import User
from tracker.models import Project, Status, Task

pytestmark = pytest.mark.django_db


def test_for_user_leaves_out_other_projects(project: Project, stranger: User) -> None:
    assert not Project.objects.for_user(stranger).exists()


def test_for_user_returns_each_once(project: Project, member: User) -> None:
    assert list(Project.objects.for_user(member)) == [project]


def test_is_owned_by(project: Project, owner: User, member: User) -> None:
    assert project.is_owned_by(owner)
    assert not project.is_owned_by(member)


def test_unassign_takes_unfinished_tasks(
    task: Task, project: Project, member: User
) -> None:
    done = Task.objects.create(
        project=project, title="Done", assignee=member, status=Status.DONE
    )

    assert project.unassign([member.pk]) == 1
    assert Task.objects.get(pk=task.pk).assignee is None
    assert Task.objects.get(pk=done.pk).assignee == member
