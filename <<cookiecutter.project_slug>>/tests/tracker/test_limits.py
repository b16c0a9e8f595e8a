import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.http.outages import OutageError
from themis.models import UserNotification
from tracker import limits
from tracker.models import Comment, Project, Task

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 2


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_HOUR", dict.fromkeys(limits.PER_HOUR, LIMIT))
    monkeypatch.setattr(limits.time, "time", lambda: limits.HOUR * 1000)


def send_all(client: Client, task: Task) -> dict[str, int]:
    """Send more than the limit of everything, and return how many of each exist."""
    project = task.project
    for number in range(LIMIT + 2):
        text = {"text": f"Number {number}"}
        User.objects.get_or_create(username=f"u{number}")
        for name, key, form in (
            ("comment-create", task.pk, text),
            ("announce", project.pk, text),
            ("invite", project.pk, {"username": f"u{number}"}),
        ):
            client.post(reverse(f"tracker:{name}", args=[key]), form)
        client.post(reverse("tracker:project-create"), {"name": text["text"]})
    announced = UserNotification.objects.filter(message__startswith="Number")
    return {
        "announcements": announced.values("message").distinct().count(),
        "comments": Comment.objects.count(),
        "invitations": project.invitations.count(),
        "projects": Project.objects.filter(name__startswith="Number").count(),
    }


def test_no_more_than_the_limit(owner_client: Client, task: Task) -> None:
    assert send_all(owner_client, task) == limits.PER_HOUR


def test_form_explains_the_limit(owner_client: Client, task: Task) -> None:
    send_all(owner_client, task)
    url = reverse("tracker:comment-create", args=[task.pk])
    response = owner_client.post(url, {"text": "One more"})

    [error] = response.context["comment_form"].non_field_errors()
    assert error in response.content.decode()
    assert "One more" in response.content.decode()  # it is not lost


def test_limit_resets_every_hour(
    owner_client: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(owner_client, task)
    monkeypatch.setattr(limits.time, "time", lambda: limits.HOUR * 1001)

    assert send_all(owner_client, task)["comments"] == 2 * LIMIT


def test_limits_are_per_user(
    owner_client: Client, member_client: Client, task: Task
) -> None:
    send_all(owner_client, task)

    assert send_all(member_client, task)["comments"] == 2 * LIMIT


def test_without_a_cache_limits_are_off(
    owner_client: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OutageError("The cache does not answer.")

    monkeypatch.setattr(cache, "add", refuse)
    assert send_all(owner_client, task)["comments"] == LIMIT + 2
