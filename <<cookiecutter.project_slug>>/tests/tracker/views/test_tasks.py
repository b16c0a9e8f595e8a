from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_nothing_sent, assert_notified
from tracker.models import Project, Status, Task
from tracker.sources import APP, ASSIGNED

pytestmark = pytest.mark.django_db


def test_create_task(
    owner_client: Client, project: Project, owner: User, member: User
) -> None:
    response = owner_client.post(
        reverse("tracker:task-create", args=[project.pk]),
        {"title": "Deploy v2", "assignee": member.pk, "due_date": "2026-12-31"},
    )

    task = Task.objects.get()
    assert response["Location"] == task.get_absolute_url()
    assert (task.project, task.created_by) == (project, owner)
    assert_notified(member, source=(APP, ASSIGNED, task.pk))


def test_take_task_oneself(
    member_client: Client, project: Project, member: User
) -> None:
    url = reverse("tracker:task-create", args=[project.pk])
    with assert_nothing_sent():
        member_client.post(url, {"title": "Deploy v2", "assignee": member.pk})

    assert Task.objects.get().assignee == member


def test_assignee_must_be_in_the_team(
    member_client: Client, project: Project, stranger: User
) -> None:
    response = member_client.post(
        reverse("tracker:task-create", args=[project.pk]),
        {"title": "Deploy v2", "assignee": stranger.pk},
    )

    errors = response.context["form"].errors
    assert "That choice is not one of the available choices" in str(errors["assignee"])
    assert not Task.objects.exists()


def test_edit_task(member_client: Client, task: Task, owner: User) -> None:
    member_client.post(
        reverse("tracker:task-edit", args=[task.pk]),
        {"title": "Deploy v3", "assignee": owner.pk},
    )

    task = Task.objects.get()
    assert (task.title, task.assignee) == ("Deploy v3", owner)
    assert_notified(owner, source=(APP, ASSIGNED, task.pk))


def test_edit_keeps_the_due_date(member_client: Client, task: Task) -> None:
    Task.objects.update(due_date="2026-12-31")
    page = member_client.get(reverse("tracker:task-edit", args=[task.pk]))

    assert 'value="2026-12-31"' in page.content.decode()


def test_edit_leaves_the_status_to_others(
    member_client: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody completes the task after the page has read it, before it is saved."""
    save = Task.save

    def complete_and_save(self: Task, **kwargs: Any) -> None:
        Task.objects.update(status=Status.DONE)
        save(self, **kwargs)

    monkeypatch.setattr(Task, "save", complete_and_save)
    member_client.post(reverse("tracker:task-edit", args=[task.pk]), {"title": "New"})

    task = Task.objects.get()
    assert (task.title, task.is_done) == ("New", True)


def test_delete_task(member_client: Client, task: Task) -> None:
    response = member_client.post(reverse("tracker:task-delete", args=[task.pk]))

    assert response["Location"] == task.project.get_absolute_url()
    assert not Task.objects.exists()
