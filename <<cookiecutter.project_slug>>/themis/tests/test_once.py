from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from themis.http.once import once
from themis.models import SentForm
from themis.notifications import notify_user

pytestmark = pytest.mark.django_db


class FailedError(Exception):
    """The view raised it."""


@once
def act(request):
    """Notify the user and redirect to the notification, unless it is bad."""
    if "raise" in request.POST:
        raise FailedError
    if not request.POST["text"]:
        return HttpResponse("Write something.")
    row = notify_user(request.user, request.POST["text"])
    return HttpResponseRedirect(f"/{row.pk}/")


@pytest.fixture
def send(rf, user):
    def send(text="Hello", token="a" * 64, path="/", by=user, **fields):
        data = {"csrfmiddlewaretoken": token, "text": text, **fields}
        request = rf.post(path, data)
        request.user = by
        return act(request)

    return send


def test_second_submission_gets_the_first_response(send, user):
    first, second = send(), send()

    assert second.status_code == 302
    assert second.url == first.url
    assert user.notifications.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"token": "b" * 64},  # the same text, from another page
        {"text": "Hello again"},
        {"path": "/elsewhere/"},
        {"file": SimpleUploadedFile("a.txt", b"text")},
    ],
)
def test_another_form_is_processed(send, user, other):
    send()
    send(**other)

    assert user.notifications.count() == 2


def test_another_users_form_is_processed(send, user, other_user):
    send()
    send(by=other_user)

    assert user.notifications.count() == other_user.notifications.count() == 1


def test_invalid_form_can_be_resubmitted(send):
    assert [send("").content for _ in range(2)] == [b"Write something."] * 2
    assert not SentForm.objects.exists()


def test_failed_form_can_be_resubmitted(send, user):
    for _ in range(2):
        with pytest.raises(FailedError):
            send(**{"raise": "yes"})

    assert not SentForm.objects.exists()


def test_without_a_token_every_request_is_processed(send, user):
    for _ in range(2):
        send(token="")

    assert user.notifications.count() == 2


def test_page_writes_nothing(rf, user):
    request = rf.get("/")
    request.user = user
    once(lambda request: HttpResponse())(request)

    assert not SentForm.objects.exists()


def test_old_ones_are_forgotten(send, user, other_user):
    send("old")
    send("theirs", by=other_user)
    SentForm.objects.update(sent_at=timezone.now() - timedelta(days=2))
    send("new")

    assert SentForm.objects.filter(user=user).count() == 1
    assert SentForm.objects.count() == 2
