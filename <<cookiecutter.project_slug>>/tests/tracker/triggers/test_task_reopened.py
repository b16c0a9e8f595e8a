import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_notifies_the_assignee(task: Task, owner: User, member: User) -> None:
    triggers.task_reopened(task, by=owner)

    assert_notified(member, source=(sources.APP, sources.PROGRESS, task.pk))
    assert_not_notified(owner)


def test_reopened_by_the_assignee(task: Task, member: User) -> None:
    triggers.task_reopened(task, by=member)

    assert_not_notified(member)


def test_on_the_page(owner_client: Client, task: Task, member: User) -> None:
    task.complete()
    url = reverse("tracker:task-reopen", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert_notified(member, source=(sources.APP, sources.PROGRESS, task.pk), times=1)
