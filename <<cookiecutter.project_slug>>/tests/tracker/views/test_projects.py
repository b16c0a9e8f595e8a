import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.forms import submit
from tracker.models import Project

pytestmark = pytest.mark.django_db


def test_create_project(member_client: Client, member: User) -> None:
    url = reverse("tracker:project-create")
    response = submit(member_client, url, name="Launch")

    project = Project.objects.get()
    assert response.status_code == 302
    assert project.owner == member
    assert list(project.members.all()) == [member]


def test_remove_a_member(
    owner_client: Client, project: Project, owner: User, member: User
) -> None:
    url = reverse("tracker:project-edit", args=[project.pk])
    submit(owner_client, url, leaving=[member.pk])

    assert list(project.members.all()) == [owner]


def test_owner_stays_a_member(
    owner_client: Client, project: Project, owner: User
) -> None:
    url = reverse("tracker:project-edit", args=[project.pk])
    submit(owner_client, url, leaving=[owner.pk])

    assert owner in project.members.all()


def test_pages_show_only_colleagues(
    owner_client: Client, project: Project, stranger: User
) -> None:
    outsiders = [User.objects.create_user(f"outsider-{n}") for n in range(2)]
    Project.objects.create(name="Other", owner=outsiders[0]).members.add(*outsiders)
    shared = Project.objects.create(name="Shared", owner=stranger)
    shared.members.add(stranger, project.owner)
    pages = [
        owner_client.get(url).content.decode()
        for url in (
            project.get_absolute_url(),
            reverse("tracker:project-create"),
            reverse("tracker:project-edit", args=[project.pk]),
            reverse("tracker:task-create", args=[project.pk]),
        )
    ]

    assert not any("outsider" in page for page in pages)
    assert f'value="{stranger.username}"' in pages[0]


def test_delete_project(owner_client: Client, project: Project) -> None:
    owner_client.post(reverse("tracker:project-delete", args=[project.pk]))

    assert not Project.objects.exists()
