import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.notifications import notify_user
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_notifies_the_requester(task: Task, owner: User, member: User) -> None:
    task.request_review(by=member)
    triggers.request_approved(task, by=owner)

    assert_notified(member, source=(sources.APP, sources.REVIEW, task.pk))
    assert_not_notified(owner)


def test_approved_by_the_requester(task: Task, owner: User) -> None:
    task.request_review(by=owner)
    triggers.request_approved(task, by=owner)

    assert_not_notified(owner)


def test_ends_the_reminders(task: Task, owner: User, member: User) -> None:
    notify_user(member, "Overdue", **sources.about(sources.DUE, task))
    triggers.request_approved(task, by=owner)

    assert not member.notifications.visible().exists()


def test_on_the_page(owner_client: Client, task: Task, member: User) -> None:
    task.request_review(by=member)
    url = reverse("tracker:approve-request", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert_notified(member, source=(sources.APP, sources.REVIEW, task.pk), times=1)
