"""Second factors, as the settings configure them."""

import re
import time
from datetime import UTC, datetime

import pytest
from allauth.account import app_settings
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse

from accounts.adapter import MFAAdapter
from tests.accounts.test_accounts import (
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    assert_has_the_layout,
    eve,
    is_logged_in,
    link,
    log_in,
    quick_passwords,
)
from themis import formatting

__all__ = ["eve", "quick_passwords"]


def confirm_access(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_password_is_confirmed_only_in_an_old_session(client, eve):
    url = reverse("mfa_activate_totp")
    log_in(client)
    assert client.get(url).status_code == 200
    session = client.session
    since = app_settings.REAUTHENTICATION_TIMEOUT + 1
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= since
    session.save()
    assert client.get(url).status_code == 302


def activate_totp(client, eve):
    """Activate an authenticator app. Return its secret."""
    log_in(client)
    confirm_access(client)
    url = reverse("mfa_activate_totp")
    page = client.get(url).content.decode()
    [secret] = set(re.findall(r'value="([A-Z2-7]{32})"', page))
    client.post(url, {"code": code(secret)})
    return secret


def code(secret, step=0):
    """Return the code that the app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture
def half_minute(monkeypatch):
    """Make the app show the same code during the whole test."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.mark.usefixtures("half_minute")
def test_second_factor(client, eve):
    secret = activate_totp(client, eve)
    client.logout()
    response = log_in(client)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_logged_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_logged_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_logged_in(client)
    client.logout()
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert not is_logged_in(client), "The code worked twice."


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("half_minute")
def test_activation_code_cannot_be_reused(client, eve):
    secret = activate_totp(client, eve)
    client.logout()
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert not is_logged_in(client)


def test_password_reset_does_not_skip_the_second_factor(client, eve):
    activate_totp(client, eve)
    client.logout()
    mail.outbox.clear()
    client.post(RESET, {"email": eve.email})
    response = client.get(link(mail.outbox[0]), follow=True)
    new = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    client.post(response.redirect_chain[-1][0], new)
    assert not is_logged_in(client)
    response = log_in(client, password=OTHER_PASSWORD)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_logged_in(client)


def test_totp_secret_is_encrypted(client, eve):
    secret = activate_totp(client, eve)
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(totp.data)
    assert MFAAdapter().decrypt(totp.data["secret"]) == secret


def test_secrets_survive_a_new_secret_key(settings):
    encrypted = MFAAdapter().encrypt("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-this"
    assert MFAAdapter().decrypt(encrypted) == "secret"


@pytest.mark.parametrize(
    "name",
    [
        *("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"),
        "mfa_generate_recovery_codes",
    ],
)
def test_pages_have_the_layout(client, eve, name):
    log_in(client)
    confirm_access(client)
    assert_has_the_layout(client.get(reverse(name)))


def test_totp_secret_can_be_copied(client, eve):
    log_in(client)
    confirm_access(client)
    html = client.get(reverse("mfa_activate_totp")).text
    [field] = re.findall(r'<input[^>]* value="[A-Z2-7]{32}"[^>]*>', html)
    assert "disabled" not in field
    assert "readonly" in field


def test_passkeys_are_listed_by_name(client, eve):
    passkey = Authenticator.objects.create(
        user=eve, type=Authenticator.Type.WEBAUTHN, data={"name": "Work <laptop>"}
    )
    passkey.created_at = datetime(2026, 3, 9, 12, tzinfo=UTC)
    passkey.save()
    client.force_login(eve)
    html = client.get(reverse("mfa_list_webauthn")).text
    assert "Work &lt;laptop&gt;" in html
    with formatting.override(eve.profile):
        assert formatting.format_date(passkey.created_at) in html
    for action in ("edit", "remove"):
        assert reverse(f"mfa_{action}_webauthn", args=[passkey.pk]) in html


def test_removal_page_names_the_passkey(client, eve):
    log_in(client)
    passkey = Authenticator.objects.create(
        user=eve, type=Authenticator.Type.WEBAUTHN, data={"name": "Work laptop"}
    )
    url = reverse("mfa_remove_webauthn", args=[passkey.pk])
    assert "Work laptop" in client.get(url).text
    client.post(url)
    assert not Authenticator.objects.exists()


def test_new_passkey_signs_in_without_a_password(client, eve):
    log_in(client)
    form = client.get(reverse("mfa_add_webauthn")).context["form"]
    assert form["passwordless"].value()
