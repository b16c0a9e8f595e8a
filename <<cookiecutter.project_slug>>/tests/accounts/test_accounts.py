"""Sign-up, login, second factors and sessions, as the settings configure them."""

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from accounts.adapter import MFAAdapter

PASSWORD = "correct-horse-battery"
SIGNUP = {
    "username": "eve",
    "email": "eve@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def eve(db, quick_passwords):
    return get_user_model().objects.create_user("eve", "eve@example.com", PASSWORD)


@pytest.fixture
def open_signup(settings):
    settings.SIGNUP_OPEN = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def log_in(client, login, password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def is_logged_in(client):
    return client.get("/settings/").status_code == 200


def link(message):
    """Return the path of the link in an e-mail."""
    [url] = re.findall(r"https?://\S+", message.body)
    return urlsplit(url).path


def test_login_page_hides_a_signup_that_is_closed(client, db):
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()


def test_login_page_offers_a_signup_that_is_open(client, db, open_signup):
    assert 'href="/accounts/signup/"' in client.get("/accounts/login/").content.decode()


def test_signup_is_closed(client, db):
    assert client.get("/accounts/signup/").status_code == 200
    client.post("/accounts/signup/", SIGNUP)
    assert not get_user_model().objects.exists()


def test_signup_requires_a_confirmed_address(client, db, open_signup):
    client.post("/accounts/signup/", SIGNUP)
    assert not is_logged_in(client)
    log_in(client, "eve")
    assert not is_logged_in(client)
    path = link(mail.outbox[0])
    client.post(path)
    log_in(client, "eve")
    assert is_logged_in(client)
    assert EmailAddress.objects.get().verified


def test_signup_keeps_the_language_of_the_form(client, db, open_signup):
    client.post("/accounts/signup/", SIGNUP, headers={"Accept-Language": "fr"})
    assert get_user_model().objects.get().profile.language == "fr"


@pytest.mark.parametrize("login", ["eve", "eve@example.com", "EVE@example.com"])
def test_login_with_name_or_address(client, eve, login):
    log_in(client, login)
    assert is_logged_in(client)


def test_password_is_required_again_only_in_an_old_session(client, eve):
    log_in(client, "eve")
    assert client.get("/settings/api-keys/new/").status_code == 200
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 301
    session.save()
    assert client.get("/settings/api-keys/new/").status_code == 302


def test_wrong_password(client, eve):
    response = log_in(client, "eve", "wrong")
    assert response.status_code == 200
    assert not is_logged_in(client)


def test_guessing_is_limited(client, eve):
    for _ in range(6):
        log_in(client, "eve", "wrong")
    log_in(client, "eve")
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil"]
)
def test_login_redirects_to_no_other_site(client, eve, target):
    data = {"login": "eve", "password": PASSWORD, "next": target}
    assert client.post("/accounts/login/", data)["Location"] == "/"


def test_reset_password(client, eve):
    client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    response = client.get(link(mail.outbox[0]), follow=True)
    new = {"password1": "another-long-one", "password2": "another-long-one"}
    client.post(response.redirect_chain[-1][0], new)
    log_in(client, "eve", "another-long-one")
    assert is_logged_in(client)


def test_reset_does_not_reveal_who_has_an_account(client, eve):
    known = client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    unknown = client.post("/accounts/password/reset/", {"email": "bob@example.com"})
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    assert [message.to for message in mail.outbox] == [["eve@example.com"]]


def test_new_password_ends_other_sessions(client, eve):
    other = Client()
    log_in(client, "eve")
    log_in(other, "eve")
    new = dict.fromkeys(("password1", "password2"), "another-long-one")
    new["oldpassword"] = PASSWORD
    client.post("/accounts/password/change/", new)
    assert is_logged_in(client)
    assert not is_logged_in(other)


def test_sessions_are_listed_and_ended(client, eve):
    other = Client(headers={"user-agent": "Other browser"})
    log_in(client, "eve")
    log_in(other, "eve")
    assert "Other browser" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert is_logged_in(client)
    assert not is_logged_in(other)


def activate_totp(client, eve):
    """Activate an authenticator app. Return its secret."""
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    log_in(client, "eve")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    [secret] = set(re.findall(r'value="([A-Z2-7]{32})"', page))
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    return secret


def code(secret, step=0):
    """Return the code that the app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def test_second_factor(client, eve):
    secret = activate_totp(client, eve)
    client.logout()
    response = log_in(client, "eve")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert not is_logged_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_logged_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert is_logged_in(client)


def test_secret_of_the_app_is_encrypted(client, eve):
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
    "path",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/sessions/",
        "/accounts/email/",
        "/accounts/password/change/",
    ],
)
def test_pages_have_the_layout(client, eve, path):
    log_in(client, "eve")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    html = client.get(path).content.decode()
    assert 'href="#content"' in html  # the link at the top of base.html
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)


def test_the_admin_has_the_same_login_page(client, db):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"


def test_emails_are_text_and_html(client, eve, settings):
    client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    [message] = mail.outbox
    [html] = [part.content for part in message.alternatives]
    assert message.subject == f"[{settings.PROJECT_NAME}] Password Reset Email"
    assert message.body.rstrip().endswith(settings.PROJECT_NAME)
    assert link(message) in html
    assert 'rel="nofollow"' in html


def test_emails_escape_what_users_typed(client, db, open_signup):
    client.post("/accounts/signup/", SIGNUP)
    get_user_model().objects.update(username="<b>eve</b>")
    mail.outbox.clear()
    client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    [html] = [part.content for part in mail.outbox[0].alternatives]
    assert "<b>eve" not in html


def test_a_change_is_mailed(client, eve):
    log_in(client, "eve")
    new = {
        "oldpassword": PASSWORD,
        "password1": "another-long",
        "password2": "another-long",
    }
    client.post("/accounts/password/change/", new)
    [message] = mail.outbox
    assert "Your password has been changed." in message.body
