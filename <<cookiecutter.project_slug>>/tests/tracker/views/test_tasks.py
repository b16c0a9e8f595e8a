from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.forms import submit
from themis.formatting import format_time
from themis.models import UserProfile
from tracker.models import Project, Status, Task

pytestmark = pytest.mark.django_db


def test_create_task(
    owner_client: Client, project: Project, owner: User, member: User
) -> None:
    url = reverse("tracker:task-create", args=[project.pk])
    response = submit(owner_client, url, title="Deploy v2", assignee=member.pk)

    task = Task.objects.get()
    assert response.status_code == 302
    assert (task.project, task.created_by, task.assignee) == (project, owner, member)


def test_assignee_must_be_in_the_team(
    member_client: Client, project: Project, stranger: User
) -> None:
    url = reverse("tracker:task-create", args=[project.pk])
    response = submit(member_client, url, title="Deploy v2", assignee=stranger.pk)

    assert list(response.context["form"].errors) == ["assignee"]
    assert not Task.objects.exists()


def test_edit_task(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:task-edit", args=[task.pk])
    submit(member_client, url, title="Deploy v3", assignee=owner.pk)

    task = Task.objects.get()
    assert (task.title, task.assignee) == ("Deploy v3", owner)


def test_edit_keeps_the_due_date(member_client: Client, task: Task) -> None:
    Task.objects.update(due_date="2026-12-31")
    page = member_client.get(reverse("tracker:task-edit", args=[task.pk]))

    assert 'value="2026-12-31"' in page.content.decode()


def test_due_time_in_the_readers_format(
    member_client: Client, task: Task, member: User
) -> None:
    UserProfile.objects.filter(user=member).update(time_format="g:i A")
    url = reverse("tracker:task-edit", args=[task.pk])
    page = submit(member_client, url, due_date="2099-12-31", due_time="5:00 PM")

    assert Task.objects.get().due_time == time(17)
    reader = User.objects.get(pk=member.pk)
    assert format_time(time(17), user=reader) in member_client.get(page.url).text


def test_due_time_without_a_date(member_client: Client, task: Task) -> None:
    url = reverse("tracker:task-edit", args=[task.pk])
    response = submit(member_client, url, due_time="17:00")

    assert response.context["form"].has_error("due_time")


def test_edit_does_not_change_the_status(
    member_client: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody completes the task between reading and saving it."""
    save = Task.save

    def complete_and_save(self: Task, **kwargs: Any) -> None:
        Task.objects.update(status=Status.DONE)
        save(self, **kwargs)

    monkeypatch.setattr(Task, "save", complete_and_save)
    url = reverse("tracker:task-edit", args=[task.pk])
    submit(member_client, url, title="New")

    task = Task.objects.get()
    assert (task.title, task.is_done) == ("New", True)


def test_delete_task(member_client: Client, task: Task) -> None:
    member_client.post(reverse("tracker:task-delete", args=[task.pk]))

    assert not Task.objects.exists()
