import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_nothing_sent, assert_notified
from tracker.models import Status, Task
from tracker.sources import APP, PROGRESS, REVIEW

pytestmark = pytest.mark.django_db


def test_start_task(member_client: Client, task: Task) -> None:
    with assert_nothing_sent():
        member_client.post(reverse("tracker:task-start", args=[task.pk]))

    assert Task.objects.get().status == Status.IN_PROGRESS


def test_complete_task(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:task-complete", args=[task.pk])
    member_client.post(url)
    member_client.post(url)

    assert Task.objects.get().is_done
    assert_notified(owner, source=(APP, PROGRESS, task.pk), times=1)


def test_reopen_task(owner_client: Client, task: Task, member: User) -> None:
    task.complete()
    url = reverse("tracker:task-reopen", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert Task.objects.get().status == Status.IN_PROGRESS
    assert_notified(member, source=(APP, PROGRESS, task.pk), times=1)


def test_review(
    member_client: Client, owner_client: Client, task: Task, owner: User, member: User
) -> None:
    member_client.post(reverse("tracker:request-review", args=[task.pk]))
    url = reverse("tracker:approve-request", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert Task.objects.get().is_done
    for user in (owner, member):
        assert_notified(user, source=(APP, REVIEW, task.pk), times=1)


def test_review_asked_for_twice(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:request-review", args=[task.pk])
    member_client.post(url)
    owner.notifications.all().mark_read()
    member_client.post(url)

    assert_notified(owner, source=(APP, REVIEW, task.pk), times=1)
