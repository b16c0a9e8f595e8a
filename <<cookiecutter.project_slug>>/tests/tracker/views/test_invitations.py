import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.models import UserNotification
from tracker.models import Invitation, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(project: Project, owner: User, stranger: User) -> Invitation:
    project.invite(stranger.username, by=owner)
    return stranger.invitations.get()


def answer(client: Client, invitation: Invitation, name: str) -> int:
    url = reverse(f"tracker:invitation-{name}", args=[invitation.pk])
    return client.post(url).status_code


def test_invited_people_see_nothing_yet(
    stranger_client: Client, invitation: Invitation
) -> None:
    page = stranger_client.get(invitation.get_absolute_url())

    assert page.status_code == 200
    assert not invitation.project.members.contains(invitation.user)
    assert stranger_client.get(invitation.project.get_absolute_url()).status_code == 404


def test_accept(stranger_client: Client, invitation: Invitation) -> None:
    assert answer(stranger_client, invitation, "accept") == 302
    assert invitation.project.members.contains(invitation.user)
    assert not Invitation.objects.exists()


def test_decline(stranger_client: Client, invitation: Invitation) -> None:
    assert answer(stranger_client, invitation, "decline") == 302
    assert not invitation.project.members.contains(invitation.user)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_cannot_answer_for_others(
    owner_client: Client, invitation: Invitation, name: str
) -> None:
    assert answer(owner_client, invitation, name) == 404
    assert Invitation.objects.exists()


def test_projects_page_lists_the_open_ones(
    stranger_client: Client, invitation: Invitation
) -> None:
    page = stranger_client.get(reverse("tracker:project-list")).content.decode()

    assert invitation.get_absolute_url() in page


def test_adding_a_member_removes_the_invitation(invitation: Invitation) -> None:
    invitation.project.members.add(invitation.user)

    assert not Invitation.objects.exists()


def test_response_does_not_reveal_users(
    owner_client: Client, project: Project, stranger: User
) -> None:
    User.objects.create_user("gone", is_active=False)
    url = reverse("tracker:invite", args=[project.pk])
    answers = []
    for name in (stranger.username, stranger.username, "milan", "gone", "nobody"):
        response = owner_client.post(url, {"username": name}, follow=True)
        [message] = response.context["messages"]
        answers.append((response.redirect_chain, str(message)))

    assert answers == [answers[0]] * 5
    assert Invitation.objects.get().user == stranger
    assert UserNotification.objects.count() == 1
