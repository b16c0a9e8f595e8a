from typing import Any

import pytest
from django.core import serializers
from django.db import transaction

from accounts.models import User
from themis.models import UserNotification
from themis.notifications import notify_user
from tracker import triggers
from tracker.models import Comment, Project, Report, Task
from tracker.tasks import build_report

pytestmark = pytest.mark.django_db


def test_assigned_on_creation(project: Project, member: User, told: Any) -> None:
    Task.objects.create(project=project, title="Deploy v2", assignee=member)

    assert told() == [("milan", "Task assigned: Deploy v2")]


def test_assigned_later(task: Task, owner: User, told: Any) -> None:
    task.assignee = owner
    task.save()

    assert told() == [("olga", "Task assigned: Deploy v2")]


def test_saved_without_new_assignee(task: Task, told: Any) -> None:
    task.title = "Deploy v3"
    task.save()

    assert told() == []


def test_assigned_to_oneself(project: Project, member: User, told: Any) -> None:
    task = Task(project=project, title="Deploy v2", assignee=member)
    task.changed_by = member
    task.save()

    assert told() == []


def test_fixture_tells_nobody(task: Task, told: Any) -> None:
    fixture = serializers.serialize("json", [task])
    task.delete()

    for loaded in serializers.deserialize("json", fixture):
        loaded.save()

    assert Task.objects.get().assignee == task.assignee
    assert told() == []


def test_rolled_back_assignment_tells_nobody(
    project: Project, member: User, told: Any
) -> None:
    with transaction.atomic():
        Task.objects.create(project=project, title="Deploy v2", assignee=member)
        transaction.set_rollback(True)

    assert told() == []


@pytest.mark.parametrize("change", [{"assignee": None}, {"due_date": "2099-01-01"}])
def test_reminder_ends_when_the_task_changes(
    task: Task, member: User, change: dict[str, Any]
) -> None:
    source = {"source_app": "tracker", "source_model": "Task"}
    notify_user(member, "Overdue", source_id=str(task.pk), **source)

    for name, value in change.items():
        setattr(task, name, value)
    task.save()

    assert not member.notifications.visible().exists()


def test_member_added(project: Project, stranger: User, told: Any) -> None:
    project.members.add(stranger)

    assert told() == [("sam", "Welcome to Launch")]


def test_member_added_from_the_other_side(
    project: Project, stranger: User, told: Any
) -> None:
    stranger.projects.add(project)

    assert told() == [("sam", "Welcome to Launch")]


def test_owner_is_not_welcomed(stranger: User, told: Any) -> None:
    project = Project.objects.create(name="Own", owner=stranger)
    project.members.add(stranger)

    assert told() == []


def test_member_who_leaves_loses_the_tasks(task: Task, member: User) -> None:
    task.project.members.remove(member)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_deleted_project_takes_all_its_notifications(
    project: Project, owner: User, member: User, stranger: User
) -> None:
    project.members.add(stranger)
    task = Task.objects.create(project=project, title="Deploy v2", assignee=member)
    task.request_review(by=member)
    triggers.review_requested(task, by=member)
    comment = Comment.objects.create(task=task, author=owner, text="Hi")
    triggers.comment_added(comment)
    build_report(Report.objects.create(project=project, requested_by=owner).pk)
    triggers.team_announcement(project, "Hello", by=owner, key="one")
    kept = notify_user(owner, "Of another app", source_model="Task", source_id="1")
    assert UserNotification.objects.count() > 5

    project.delete()

    assert list(UserNotification.objects.all()) == [kept]


def test_deleted_task_leaves_other_notifications(
    task: Task, project: Project, member: User, told: Any
) -> None:
    other = Task.objects.create(project=project, title="Other", assignee=member)

    task.delete()

    assert told() == [("milan", f"Task assigned: {other}")]


def test_deleted_comment_leaves_the_task_of_the_same_number(
    task: Task, member: User, told: Any
) -> None:
    comment = Comment.objects.create(pk=task.pk, task=task, author=member, text="Hi")
    triggers.task_assigned(task)

    comment.delete()

    assert told() == [("milan", "Task assigned: Deploy v2")]
