"""Emails link only to this site, whatever people type and whatever a request says."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail

from accounts.mail import at_home, linked
from tests.accounts.test_accounts import RESET, eve, open_signup, quick_passwords

__all__ = ["eve", "open_signup", "quick_passwords"]

HOME = "https://team.example.com"


@pytest.fixture(autouse=True)
def home(settings):
    settings.THEMIS_SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["team.example.com"]


def addresses(message):
    """Return the links of the email, in its text and in its HTML."""
    [html] = [part.content for part in message.alternatives]
    return {
        *re.findall(r"https?://[^\s<>\"]+", message.body),
        *re.findall(r'href="([^"]*)"', html),
    }


@pytest.mark.parametrize(
    "host", ["team.example.com", "team.example.com:1234", "team.example.com:80"]
)
def test_host_header_does_not_change_links(client, eve, host):
    client.post(RESET, {"email": eve.email}, headers={"host": host})
    [message] = mail.outbox
    links = addresses(message)
    assert links
    assert {urlsplit(link).netloc for link in links} == {"team.example.com"}
    assert ":1234" not in message.body + str(message.subject)


@pytest.mark.parametrize(
    "name", ["www.example-prize.com", "prize.example.net", "a@example-prize.com"]
)
def test_names_are_never_links(client, eve, name):
    get_user_model().objects.filter(pk=eve.pk).update(username=name)
    EmailAddress.objects.update(verified=True)
    client.post(RESET, {"email": eve.email}, headers={"host": "team.example.com"})
    links = addresses(mail.outbox[0])
    assert all(link.startswith(f"{HOME}/") for link in links)


def test_only_site_links_are_links():
    context = at_home({"activate_url": "http://other.example:81/confirm/?a=1&b=2"})
    address = f"{HOME}/confirm/?a=1&b=2"
    assert context["activate_url"] == address
    text = f"https://prize.example <b>\n\n{address}\n\n{HOME}/elsewhere"
    html = linked(text, context)
    assert re.findall(r'href="([^"]*)"', html) == [address.replace("&", "&amp;")]
    assert "<b>" not in html


def test_development_links_use_the_request_host(settings):
    settings.DEBUG = True
    context = {"activate_url": "http://localhost:8001/confirm/"}
    assert at_home(context) == context
