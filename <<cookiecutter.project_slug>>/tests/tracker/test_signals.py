import pytest
from django.core import serializers
from django.db import transaction

from accounts.models import User
from themis.models import UserNotification
from themis.notifications import notify_user
from themis.testing import assert_nothing_sent, assert_notified
from tracker import triggers
from tracker.models import Comment, Project, Report, Task
from tracker.sources import APP, ASSIGNED, DUE, MEMBERSHIP, about
from tracker.tasks import build_report

pytestmark = pytest.mark.django_db


def test_assigned_on_creation(project: Project, member: User) -> None:
    task = Task.objects.create(project=project, title="Deploy v2", assignee=member)

    assert_notified(member, source=(APP, ASSIGNED, task.pk))


def test_assigned_later(task: Task, owner: User) -> None:
    task.assignee = owner
    task.save()

    assert_notified(owner, source=(APP, ASSIGNED, task.pk))


def test_saved_without_new_assignee(task: Task) -> None:
    task.title = "Deploy v3"

    with assert_nothing_sent():
        task.save()


def test_assigned_to_oneself(project: Project, member: User) -> None:
    task = Task(project=project, title="Deploy v2", assignee=member)
    task.changed_by = member

    with assert_nothing_sent():
        task.save()


def test_fixture_notifies_nobody(task: Task) -> None:
    fixture = serializers.serialize("json", [task])
    task.delete()

    with assert_nothing_sent():
        for loaded in serializers.deserialize("json", fixture):
            loaded.save()

    assert Task.objects.get().assignee == task.assignee


def test_rolled_back_assignment_notifies_nobody(project: Project, member: User) -> None:
    with assert_nothing_sent(), transaction.atomic():
        Task.objects.create(project=project, title="Deploy v2", assignee=member)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("field", "value"), [("assignee", None), ("due_date", "2099-01-01")]
)
def test_reminder_ends_when_the_task_changes(
    task: Task, member: User, field: str, value: str | None
) -> None:
    notify_user(member, "Overdue", **about(DUE, task))

    setattr(task, field, value)
    task.save()

    assert not member.notifications.visible().exists()


def test_reminder_stays_when_the_rest_changes(task: Task, member: User) -> None:
    notify_user(member, "Overdue", **about(DUE, task))

    task.title = "Deploy v3"
    task.save()

    assert member.notifications.visible().exists()


def test_member_added(project: Project, stranger: User) -> None:
    project.members.add(stranger)

    assert_notified(stranger, source=(APP, MEMBERSHIP, project.pk))


def test_member_added_from_the_other_side(project: Project, stranger: User) -> None:
    stranger.projects.add(project)

    assert_notified(stranger, source=(APP, MEMBERSHIP, project.pk))


def test_owner_is_not_welcomed(stranger: User) -> None:
    project = Project.objects.create(name="Own", owner=stranger)

    with assert_nothing_sent():
        project.members.add(stranger)


def test_member_who_leaves_loses_the_tasks(task: Task, member: User) -> None:
    task.project.members.remove(member)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_member_who_leaves_from_the_other_side_loses_the_tasks(
    task: Task, member: User
) -> None:
    member.projects.remove(task.project)

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
    task: Task, project: Project, member: User
) -> None:
    triggers.task_assigned(task)
    other = Task.objects.create(project=project, title="Other", assignee=member)

    task.delete()

    assert_notified(member, times=1)
    assert_notified(member, source=(APP, ASSIGNED, other.pk))
