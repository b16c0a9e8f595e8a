import pytest
from django.db.models import Model

from accounts.models import User
from themis.models import UserNotification
from themis.notifications import notify_user
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Comment, Project, Report, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def objects(task: Task, member: User) -> list[Model]:
    """One object of each model that notifications are about, all in one project."""
    comment = Comment.objects.create(task=task, author=member, text="Hi")
    report = Report.objects.create(project=task.project, requested_by=member)
    UserNotification.objects.all().delete()
    return [task.project, task, comment, report]


def test_deletes_all_notifications_of_a_project(
    objects: list[Model], member: User
) -> None:
    for instance in objects:
        for name in sources.SOURCES[type(instance)]:
            notify_user(member, "One", **sources.about(name, instance))
            notify_user(member, "Two", **sources.about(name, instance, "key"))
    kept = notify_user(member, "Of another app", source_model="Task", source_id="1")
    assert member.notifications.count() > 8

    objects[0].delete()

    assert list(UserNotification.objects.all()) == [kept]


def test_keeps_another_task(task: Task, project: Project, member: User) -> None:
    other = Task.objects.create(project=project, title="Other")
    for each in (task, other):
        notify_user(member, "Overdue", **sources.about(sources.DUE, each))
    key = task.pk

    task.delete()

    assert_not_notified(member, source=(sources.APP, sources.DUE, key))
    assert_notified(member, source=(sources.APP, sources.DUE, other.pk))


def test_keeps_an_object_of_another_kind(task: Task, member: User) -> None:
    comment = Comment.objects.create(pk=task.pk, task=task, author=member, text="Hi")
    notify_user(member, "Overdue", **sources.about(sources.DUE, task))

    triggers.source_deleted(comment)

    assert_notified(member, source=(sources.APP, sources.DUE, task.pk))


def test_keeps_an_object_with_a_longer_number(
    project: Project, owner: User, member: User
) -> None:
    other = Project.objects.create(pk=int(f"{project.pk}1"), name="Other", owner=owner)
    notify_user(member, "Hi", **sources.about(sources.MEMBERSHIP, other))

    triggers.source_deleted(project)

    assert_notified(member, source=(sources.APP, sources.MEMBERSHIP, other.pk))
