import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_not_notified, assert_notified
from tracker import sources, triggers
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_notifies_the_owner(task: Task, owner: User, member: User) -> None:
    triggers.review_requested(task, by=member)

    assert_notified(owner, source=(sources.APP, sources.REVIEW, task.pk))
    assert_not_notified(member)


def test_requested_by_the_owner(task: Task, owner: User) -> None:
    triggers.review_requested(task, by=owner)

    assert_not_notified(owner)


def test_once_on_the_page(member_client: Client, task: Task, owner: User) -> None:
    url = reverse("tracker:request-review", args=[task.pk])
    member_client.post(url)
    owner.notifications.all().mark_read()
    member_client.post(url)

    assert_notified(owner, source=(sources.APP, sources.REVIEW, task.pk), times=1)
