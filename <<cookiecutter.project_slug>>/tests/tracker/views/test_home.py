import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import User
from tracker.models import Status, Task

HOME = reverse("tracker:home")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        resolve(HOME).view_name != "tracker:home",
        reason="Another page has this URL: delete this file.",
    ),
]


def test_home_welcomes_visitors(client: Client) -> None:
    response = client.get(HOME)

    assert response.status_code == 200
    assert "tasks" not in (response.context or {})


def test_home_lists_own_unfinished_tasks(member_client: Client, task: Task) -> None:
    done = Task.objects.create(
        project=task.project,
        title="Long done",
        assignee=task.assignee,
        status=Status.DONE,
    )
    tasks = member_client.get(HOME).context["tasks"]

    assert task in tasks
    assert done not in tasks


def test_home_lists_tasks_awaiting_approval(
    owner_client: Client, task: Task, member: User
) -> None:
    assert list(owner_client.get(HOME).context["to_approve"]) == []
    task.request_review(by=member)

    assert list(owner_client.get(HOME).context["to_approve"]) == [task]
