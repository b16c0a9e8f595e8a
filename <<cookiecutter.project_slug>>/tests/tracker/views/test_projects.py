import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.forms import submit
from tracker.models import Project

pytestmark = pytest.mark.django_db


def test_create_project(member_client: Client, member: User, stranger: User) -> None:
    url = reverse("tracker:project-create")
    response = submit(member_client, url, name="Launch", members=[stranger.pk])

    project = Project.objects.get()
    assert response.status_code == 302
    assert project.owner == member
    assert set(project.members.all()) == {member, stranger}


def test_owner_stays_a_member(
    owner_client: Client, project: Project, owner: User
) -> None:
    url = reverse("tracker:project-edit", args=[project.pk])
    submit(owner_client, url, members=[])

    assert list(project.members.all()) == [owner]


def test_delete_project(owner_client: Client, project: Project) -> None:
    owner_client.post(reverse("tracker:project-delete", args=[project.pk]))

    assert not Project.objects.exists()
