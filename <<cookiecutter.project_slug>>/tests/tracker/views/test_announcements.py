import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_nothing_sent, assert_notified
from tracker.models import Project

pytestmark = pytest.mark.django_db


def test_announce(owner_client: Client, project: Project, member: User) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    owner_client.post(url, {"text": "We are live."})

    assert assert_notified(member).message == "We are live."


def test_announce_the_same_twice(
    owner_client: Client, project: Project, member: User
) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    for _ in range(2):
        owner_client.post(url, {"text": "We are live."})

    assert_notified(member, times=2)


def test_announce_nothing(owner_client: Client, project: Project) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    with assert_nothing_sent():
        response = owner_client.post(url, {"text": ""}, follow=True)

    assert [each.level_tag for each in response.context["messages"]] == ["error"]
