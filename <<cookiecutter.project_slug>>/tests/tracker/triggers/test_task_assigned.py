import pytest
from django.core import serializers
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.forms import fill_in, submit
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import sources, triggers
from tracker.models import Project, Task

pytestmark = pytest.mark.django_db


def test_notifies_the_assignee(task: Task, member: User, stranger: User) -> None:
    triggers.task_assigned(task)

    notification = assert_notified(
        member, source=(sources.APP, sources.ASSIGNED, task.pk)
    )
    assert notification.url == task.get_absolute_url()
    assert_not_notified(stranger)


def test_once_while_unread(task: Task, member: User) -> None:
    triggers.task_assigned(task)
    triggers.task_assigned(task)

    assert_notified(member, source=(sources.APP, sources.ASSIGNED, task.pk), times=1)


def test_assigned_to_self(task: Task, member: User) -> None:
    task.changed_by = member
    triggers.task_assigned(task)

    assert_not_notified(member)


def test_unassigned(task: Task) -> None:
    task.assignee = None

    with assert_nothing_sent():
        triggers.task_assigned(task)


def test_on_creation(project: Project, member: User) -> None:
    task = Task.objects.create(project=project, title="Deploy v2", assignee=member)

    assert_notified(member, source=(sources.APP, sources.ASSIGNED, task.pk))


def test_later(task: Task, stranger: User) -> None:
    task.assignee = stranger
    task.save()

    assert_notified(stranger, source=(sources.APP, sources.ASSIGNED, task.pk))


def test_saved_without_a_new_assignee(task: Task, member: User) -> None:
    task.title = "Deploy v3"
    task.save()

    assert_not_notified(member, source=(sources.APP, sources.ASSIGNED, task.pk))


def test_fixture(task: Task) -> None:
    fixture = serializers.serialize("json", [task])
    task.delete()

    with assert_nothing_sent():
        for loaded in serializers.deserialize("json", fixture):
            loaded.save()

    assert Task.objects.get().assignee == task.assignee


def test_rolled_back(project: Project, member: User) -> None:
    with assert_nothing_sent(), transaction.atomic():
        Task.objects.create(project=project, title="Deploy v2", assignee=member)
        transaction.set_rollback(True)


def test_on_the_page(owner_client: Client, project: Project, member: User) -> None:
    url = reverse("tracker:task-create", args=[project.pk])
    submit(owner_client, url, title="Deploy v2", assignee=member.pk)

    task = Task.objects.get()
    assert_notified(member, source=(sources.APP, sources.ASSIGNED, task.pk))


def test_taken_on_the_page(
    member_client: Client, project: Project, member: User
) -> None:
    url = reverse("tracker:task-create", args=[project.pk])
    submit(member_client, url, title="Deploy v2", assignee=member.pk)

    assert_not_notified(member)


def test_edited_on_the_page(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:task-edit", args=[task.pk])
    submit(member_client, url, assignee=owner.pk)

    assert_notified(owner, source=(sources.APP, sources.ASSIGNED, task.pk))


def test_taken_in_the_admin(admin_client: Client, task: Task) -> None:
    admin = User.objects.get(is_superuser=True)
    task.project.members.add(admin)
    url = reverse("admin:tracker_task_change", args=[task.pk])
    form = admin_client.get(url).context["adminform"].form
    admin_client.post(url, fill_in(form, assignee=admin.pk))

    assert Task.objects.get().assignee == admin
    assert_not_notified(admin, source=(sources.APP, sources.ASSIGNED, task.pk))
