import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from themis.digests.unsubscribing import unsubscribe_path
from themis.models import UserProfile
from themis.notifications import notify_user


@pytest.fixture(autouse=True)
def readers(user, other_user):
    UserProfile.objects.update(email_digest="hourly", email_danger_at_once=True)
    user.refresh_from_db()


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def emails(user):
    profile = UserProfile.objects.get(user=user)
    return profile.email_digest, profile.email_danger_at_once


def test_one_click_from_the_mail_program(strict, user, other_user):
    notify_user(user, "Fire", level="danger")
    call_command("send_digests", verbosity=0)
    headers = mail.outbox[0].message()
    url = re.fullmatch("<(https://[^>]+)>", headers["List-Unsubscribe"])[1]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    response = strict.post(
        urlsplit(url).path, {"List-Unsubscribe": "One-Click"}, secure=True
    )
    assert response.status_code == 200
    assert emails(user) == ("never", False)
    assert emails(other_user) == ("hourly", True)


def test_opening_the_link_changes_nothing(client, user):
    response = client.get(unsubscribe_path(user))

    assert "Unsubscribe from all emails about notifications?" in response.text
    assert emails(user) == ("hourly", True)


def test_works_whoever_is_signed_in(client, user, other_user):
    client.force_login(other_user)
    client.post(unsubscribe_path(user))

    assert emails(user) == ("never", False)
    assert emails(other_user) == ("hourly", True)


def test_page_does_not_reveal_the_user(client, user):
    page = client.get(unsubscribe_path(user)).text

    assert user.get_username() not in page
    assert user.email not in page


@pytest.mark.parametrize("token", ["1", "1:x", "x", ":", "\0"])
def test_other_tokens_are_refused(client, user, token):
    path = reverse("themis:unsubscribe", args=[token])

    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert emails(user) == ("hourly", True)


def test_token_of_another_user_cannot_be_made(client, user, other_user):
    path = unsubscribe_path(user).replace(f"/{user.pk}:", f"/{other_user.pk}:")

    assert path != unsubscribe_path(user)
    assert client.post(path).status_code == 404
    assert emails(other_user) == ("hourly", True)


def test_without_a_profile(client, user, settings):
    UserProfile.objects.all().delete()
    settings.THEMIS_DEFAULTS = {"email_digest": "daily"}
    client.post(unsubscribe_path(user))

    assert emails(user) == ("never", False)


def test_deleted_user(client, user):
    path = unsubscribe_path(user)
    user.delete()

    assert client.post(path).status_code == 404
