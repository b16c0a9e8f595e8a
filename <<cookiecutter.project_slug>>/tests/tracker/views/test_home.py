import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tracker.models import Status, Task

pytestmark = pytest.mark.django_db


def test_home_welcomes_who_is_logged_out(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert reverse("account_login") in response.content.decode()


def test_home_lists_own_unfinished_tasks(member_client: Client, task: Task) -> None:
    done = Task.objects.create(
        project=task.project,
        title="Long done",
        assignee=task.assignee,
        status=Status.DONE,
    )
    tasks = member_client.get("/").context["tasks"]

    assert list(tasks) == [task]
    assert done not in tasks


def test_home_lists_what_waits_for_approval(
    owner_client: Client, task: Task, member: User
) -> None:
    assert list(owner_client.get("/").context["to_approve"]) == []
    task.request_review(by=member)

    assert list(owner_client.get("/").context["to_approve"]) == [task]
