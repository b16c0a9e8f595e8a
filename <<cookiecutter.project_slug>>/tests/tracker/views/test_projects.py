import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_notified
from tracker.models import Project
from tracker.sources import APP, MEMBERSHIP

pytestmark = pytest.mark.django_db


def test_create_project(member_client: Client, member: User, stranger: User) -> None:
    url = reverse("tracker:project-create")
    response = member_client.post(url, {"name": "Launch", "members": [stranger.pk]})

    project = Project.objects.get()
    assert response["Location"] == project.get_absolute_url()
    assert project.owner == member
    assert set(project.members.all()) == {member, stranger}
    assert_notified(stranger, source=(APP, MEMBERSHIP, project.pk))


def test_owner_stays_a_member(
    owner_client: Client, project: Project, owner: User
) -> None:
    url = reverse("tracker:project-edit", args=[project.pk])
    owner_client.post(url, {"name": "Launch", "members": []})

    assert list(project.members.all()) == [owner]


def test_delete_project(owner_client: Client, project: Project) -> None:
    owner_client.post(reverse("tracker:project-delete", args=[project.pk]))

    assert not Project.objects.exists()
