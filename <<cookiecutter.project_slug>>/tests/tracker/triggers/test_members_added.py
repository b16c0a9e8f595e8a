import pytest

from accounts.models import User
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Project

pytestmark = pytest.mark.django_db


def test_notifies_the_new_members(
    project: Project, owner: User, member: User, stranger: User
) -> None:
    triggers.members_added(project, {stranger.pk, owner.pk})

    assert_notified(stranger, source=(sources.APP, sources.MEMBERSHIP, project.pk))
    assert_not_notified(owner)  # created the project
    assert_not_notified(member)  # was already a member


def test_from_either_side(project: Project, stranger: User) -> None:
    stranger.projects.add(project)

    assert_notified(stranger, source=(sources.APP, sources.MEMBERSHIP, project.pk))


def test_owner_is_not_notified(stranger: User) -> None:
    project = Project.objects.create(name="Own", owner=stranger)
    project.members.add(stranger)

    assert_not_notified(stranger)


def test_accepting_an_invitation_does_not_notify(
    project: Project, owner: User, stranger: User
) -> None:
    project.invite(stranger.username, by=owner)
    stranger.invitations.get().accept()

    assert_not_notified(stranger, source=(sources.APP, sources.MEMBERSHIP, project.pk))
