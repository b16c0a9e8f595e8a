import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_not_notified, assert_notified
from tracker import sources
from tracker.models import Project

pytestmark = pytest.mark.django_db


def test_on_the_page(owner_client: Client, project: Project, stranger: User) -> None:
    """The notification opens the page with the two answers."""
    url = reverse("tracker:invite", args=[project.pk])
    owner_client.post(url, {"username": stranger.username})

    invitation = stranger.invitations.get()
    notification = assert_notified(
        stranger, source=(sources.APP, sources.INVITATION, invitation.pk)
    )
    assert notification.url == invitation.get_absolute_url()


def test_invited_again_is_not_notified_again(
    project: Project, owner: User, stranger: User
) -> None:
    for _ in range(2):
        project.invite(stranger.username, by=owner)

    assert_notified(stranger, times=1)


def test_members_are_not_invited(project: Project, owner: User, member: User) -> None:
    project.invite(member.username, by=owner)

    assert not member.invitations.exists()
    assert_not_notified(member)


@pytest.mark.parametrize("answer", ["accept", "delete"])
def test_answering_dismisses_the_invitation(
    project: Project, owner: User, stranger: User, answer: str
) -> None:
    project.invite(stranger.username, by=owner)
    getattr(stranger.invitations.get(), answer)()

    assert_not_notified(stranger)
