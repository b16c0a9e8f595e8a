import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.notifications import notify_user
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_notifies_the_creator(task: Task, owner: User, member: User) -> None:
    triggers.task_completed(task, by=member)

    assert_notified(owner, source=(sources.APP, sources.PROGRESS, task.pk))
    assert_not_notified(member)


def test_completed_by_the_creator(task: Task, owner: User) -> None:
    triggers.task_completed(task, by=owner)

    assert_not_notified(owner)


def test_without_a_creator(task: Task, member: User) -> None:
    task.created_by = None
    triggers.task_completed(task, by=member)

    assert_not_notified(member)


def test_ends_the_reminders(task: Task, member: User) -> None:
    notify_user(member, "Overdue", **sources.about(sources.DUE, task))
    triggers.task_completed(task, by=member)

    assert not member.notifications.visible().exists()


def test_on_the_page(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:task-complete", args=[task.pk])
    member_client.post(url)
    member_client.post(url)

    assert_notified(owner, source=(sources.APP, sources.PROGRESS, task.pk), times=1)
