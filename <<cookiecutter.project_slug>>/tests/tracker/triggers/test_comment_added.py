import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Comment, Project, Task

pytestmark = pytest.mark.django_db


def comment(task: Task, author: User) -> Comment:
    comment = Comment.objects.create(task=task, author=author, text="Any news?")
    triggers.comment_added(comment)
    return comment


@pytest.fixture
def colleague(project: Project, stranger: User) -> User:
    """A team member who is not involved in the task yet."""
    project.members.add(stranger)
    return stranger


def test_notifies_creator_and_assignee(
    task: Task, owner: User, member: User, colleague: User
) -> None:
    written = comment(task, colleague)

    for user in (owner, member):
        notification = assert_notified(
            user, source=(sources.APP, sources.COMMENT, written.pk)
        )
        assert notification.url == written.get_absolute_url()


def test_does_not_notify_its_author(task: Task, member: User) -> None:
    written = comment(task, member)

    assert_not_notified(member, source=(sources.APP, sources.COMMENT, written.pk))


def test_one_notification_leads_to_the_first_unread_comment(
    task: Task, member: User, colleague: User
) -> None:
    first = comment(task, colleague)
    for _number in range(9):
        comment(task, colleague)

    [notification] = member.notifications.unread()
    assert notification.url == first.get_absolute_url()


def test_keeps_notifications_after_opting_out(
    task: Task, member: User, colleague: User
) -> None:
    comment(task, colleague)
    before = list(member.notifications.unread())
    member.profile.notifications_enabled = False
    member.profile.save()
    comment(task, colleague)

    assert list(member.notifications.unread()) == before


def test_new_notification_after_reading(
    task: Task, member: User, colleague: User
) -> None:
    comment(task, colleague)
    member.notifications.mark_read()
    second = comment(task, colleague)

    [notification] = member.notifications.unread()
    assert notification.url == second.get_absolute_url()


def test_replying_marks_as_read(task: Task, member: User, colleague: User) -> None:
    comment(task, colleague)
    comment(task, member)

    assert not member.notifications.unread().exists()


def test_notifies_earlier_commenters(task: Task, colleague: User, owner: User) -> None:
    comment(task, colleague)
    comment(task, colleague)
    last = comment(task, owner)

    assert_notified(colleague, source=(sources.APP, sources.COMMENT, last.pk))


def test_does_not_notify_former_members(
    task: Task, colleague: User, owner: User, project: Project
) -> None:
    comment(task, colleague)
    project.members.remove(colleague)
    last = comment(task, owner)

    assert_not_notified(colleague, source=(sources.APP, sources.COMMENT, last.pk))


def test_on_the_page(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    member_client.post(url, {"text": "Any news?"})

    written = Comment.objects.get()
    assert_notified(owner, source=(sources.APP, sources.COMMENT, written.pk))
