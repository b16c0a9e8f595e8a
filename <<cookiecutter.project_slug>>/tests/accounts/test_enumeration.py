"""Nobody can find out who has an account: same responses, as many hashes and emails."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from tests.accounts.test_accounts import (
    LOGINS,
    METHODS,
    RESET,
    SIGN_UP,
    eve,
    log_in,
    open_signup,
    quick_passwords,
    sign_up,
)

__all__ = ["eve", "open_signup", "quick_passwords"]


@pytest.fixture
def hashes(monkeypatch):
    """The passwords that were hashed."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda *args: hashed.append(args[1]) or encode(*args),
    )
    return hashed


@pytest.mark.parametrize("method", METHODS)
def test_sign_in(client, eve, hashes, method):
    hashes.clear()
    known = log_in(client, LOGINS[method], "wrong")
    unknown = log_in(client, LOGINS[method].replace("eve", "bob"), "wrong")
    assert len(hashes) == 2
    assert known.context["form"].errors == unknown.context["form"].errors


def test_sign_up(client, db, open_signup, hashes, settings):
    hashes.clear()
    unknown = sign_up(client)
    assert (len(hashes), len(mail.outbox)) == (1, 1)
    client.logout()
    get_user_model().objects.update(username="other")
    hashes.clear()
    mail.outbox.clear()
    settings.ACCOUNT_EMAIL_CONFIRMATION_COOLDOWN = 0
    known = sign_up(client)
    assert (len(hashes), len(mail.outbox)) == (1, 1)
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("email", [LOGINS["email"], "bob@example.com"])
def test_reset(client, eve, hashes, email):
    hashes.clear()
    assert client.post(RESET, {"email": email}).status_code == 302
    assert hashes == []


def test_sign_up_and_reset_pages_reveal_nothing(client, eve, open_signup):
    for path in (SIGN_UP, RESET):
        assert LOGINS["email"] not in client.get(path).text
