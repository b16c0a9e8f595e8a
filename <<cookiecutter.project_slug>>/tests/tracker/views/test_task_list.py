import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tracker.models import Project, Status, Task
from tracker.views.lookups import PAGE_SIZE

pytestmark = pytest.mark.django_db

TASKS = reverse("tracker:task-list")


@pytest.fixture
def tasks(task: Task, member: User) -> dict[str, Task]:
    yesterday = timezone.localdate() - timedelta(days=1)
    rows = {
        "late": {"due_date": yesterday},
        "done": {"status": Status.DONE, "due_date": yesterday},
        "mine": {"assignee": member},
    }
    Task.objects.all().delete()
    return {
        title: Task.objects.create(project=task.project, title=title, **values)
        for title, values in rows.items()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "done", "mine"}),
        ("overdue=on", {"late"}),
        ("mine=on", {"mine"}),
        ("status=done", {"done"}),
        ("search=LAT", {"late"}),
        ("search=nothing", set()),
        ("status=lost", {"late", "done", "mine"}),
        ("project=999999", {"late", "done", "mine"}),
        ("project=x", {"late", "done", "mine"}),
        ("page=x", {"late", "done", "mine"}),
        ("page=999", {"late", "done", "mine"}),
        ("search=%00", {"late", "done", "mine"}),
    ],
)
def test_filters(
    member_client: Client, tasks: dict[str, Task], query: str, expected: set[str]
) -> None:
    response = member_client.get(f"{TASKS}?{query}")

    assert {task.title for task in response.context["page"]} == expected


def test_search_in_the_description(member_client: Client, task: Task) -> None:
    Task.objects.update(description="Needs the new KEY")

    assert list(member_client.get(f"{TASKS}?search=key").context["page"]) == [task]


def test_filter_by_project(
    member_client: Client, tasks: dict[str, Task], member: User, project: Project
) -> None:
    other = Project.objects.create(name="Other", owner=member)
    other.members.add(member)
    response = member_client.get(f"{TASKS}?project={other.pk}")

    assert list(response.context["page"]) == []
    assert response.context["is_filtered"]


def test_filter_offers_own_projects_only(
    member_client: Client, project: Project, stranger: User
) -> None:
    Project.objects.create(name="Secret", owner=stranger).members.add(stranger)
    page = member_client.get(TASKS).content.decode()

    assert "Launch" in page
    assert "Secret" not in page


def test_pages_keep_the_filter(member_client: Client, project: Project) -> None:
    Task.objects.bulk_create(
        Task(project=project, title=f"Task {number}") for number in range(PAGE_SIZE + 1)
    )
    page = member_client.get(f"{TASKS}?status=open&page=1").content.decode()

    assert re.search("status=open&amp;page=2|page=2&amp;status=open", page)
