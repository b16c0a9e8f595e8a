import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tracker.models import Status, Task

pytestmark = pytest.mark.django_db


def test_start_task(member_client: Client, task: Task) -> None:
    member_client.post(reverse("tracker:task-start", args=[task.pk]))

    assert Task.objects.get().status == Status.IN_PROGRESS


def test_complete_task(member_client: Client, task: Task) -> None:
    member_client.post(reverse("tracker:task-complete", args=[task.pk]))

    assert Task.objects.get().is_done


def test_task_awaiting_approval_cannot_be_completed(
    member_client: Client, task: Task
) -> None:
    """Neither immediately, nor after reopening."""
    for step in ("request-review", "task-complete", "task-reopen", "task-complete"):
        response = member_client.post(reverse(f"tracker:{step}", args=[task.pk]))

    assert response.status_code == 403
    assert not Task.objects.get().is_done


def test_reopen_task(owner_client: Client, task: Task) -> None:
    task.complete()
    owner_client.post(reverse("tracker:task-reopen", args=[task.pk]))

    assert Task.objects.get().status == Status.IN_PROGRESS


def test_review(
    member_client: Client, owner_client: Client, task: Task, member: User
) -> None:
    member_client.post(reverse("tracker:request-review", args=[task.pk]))
    assert Task.objects.get().review_requested_by == member

    owner_client.post(reverse("tracker:approve-request", args=[task.pk]))
    assert Task.objects.get().is_done
