from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from themis.models import UserProfile
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import sources, triggers
from tracker.models import Project
from tracker.tasks import announce_to_team

pytestmark = pytest.mark.django_db

TEXT = "We are live."


def test_notifies_all_but_its_author(
    project: Project, owner: User, member: User, stranger: User
) -> None:
    triggers.team_announcement(project, TEXT, by=owner)

    notification = assert_notified(
        member, source=(sources.APP, sources.ANNOUNCEMENT, project.pk)
    )
    assert TEXT in notification.message
    assert_not_notified(owner)
    assert_not_notified(stranger)


def test_idempotency_key_prevents_a_second_one(project: Project, owner: User) -> None:
    announced = [
        triggers.team_announcement(project, TEXT, by=owner, key=key)
        for key in ("one", "one", "two", "", "")
    ]

    assert [bool(sent) for sent in announced] == [True, False, True, True, True]


def test_to_many_takes_few_queries(
    project: Project,
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = User.objects.bulk_create(User(username=f"u{n}") for n in range(200))
    project.members.add(*people)

    with django_assert_max_num_queries(20):
        assert triggers.team_announcement(project, TEXT, by=owner) >= 200


def test_task(project: Project, owner: User, member: User) -> None:
    announce_to_team(project.pk, TEXT, owner.pk, "one")
    announce_to_team(project.pk, TEXT, owner.pk, "two")

    assert_notified(member, times=2)


def test_retried_task_keeps_its_id(project: Project, owner: User, member: User) -> None:
    for _ in range(2):
        announce_to_team(project.pk, TEXT, owner.pk, "one")

    assert_notified(member, times=1)


def test_task_of_a_deleted_project(project: Project, owner: User) -> None:
    key = project.pk
    project.delete()

    with assert_nothing_sent():
        announce_to_team(key, TEXT, owner.pk, "one")


@pytest.mark.django_db(transaction=True)
def test_on_the_page(owner_client: Client, project: Project, member: User) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    owner_client.post(url, {"text": TEXT})

    assert TEXT in assert_notified(member).message


def test_nothing_on_the_page(owner_client: Client, project: Project) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    with assert_nothing_sent():
        response = owner_client.post(url, {"text": ""})

    assert response.context["announcement_form"].has_error("text")


@pytest.mark.django_db(transaction=True)
def test_expires_in_the_authors_time_zone(
    owner_client: Client, project: Project, owner: User, member: User
) -> None:
    UserProfile.objects.filter(user=owner).update(
        timezone="Asia/Kolkata", date_format="d.m.Y", time_format="g:i A"
    )
    url = reverse("tracker:announce", args=[project.pk])
    owner_client.post(url, {"text": TEXT, "expires_at": "31.12.2099 6:00 PM"})

    expected = datetime(2099, 12, 31, 12, 30, tzinfo=UTC)
    assert assert_notified(member).expires_at == expected


def test_expiry_in_the_past_is_refused(owner_client: Client, project: Project) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    with assert_nothing_sent():
        response = owner_client.post(
            url, {"text": TEXT, "expires_at": "2000-01-31 12:00"}
        )

    assert response.context["announcement_form"].has_error("expires_at")
    assert TEXT in response.text  # it is not lost
