"""Sign-up, sign-in and sessions, as the settings configure them."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from django.conf import settings as project_settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.forms import fill_in, submit

PASSWORD, OTHER_PASSWORD = "correct-horse-battery-staple", "another-one-that-is-long"
LOGIN, SIGN_UP = reverse("account_login"), reverse("account_signup")
RESET = reverse("account_reset_password")
LOGINS = {"username": "eve", "email": "eve@example.com"}
# What people may sign in with.
METHODS = sorted(project_settings.ACCOUNT_LOGIN_METHODS)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def eve(db, quick_passwords):
    """A user with a confirmed address."""
    eve = get_user_model().objects.create_user("eve", "eve@example.com", PASSWORD)
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    return eve


@pytest.fixture
def closed_signup(settings):
    settings.SIGNUP_OPEN = False


@pytest.fixture
def open_signup(settings):
    settings.SIGNUP_OPEN = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(client, **headers):
    """Submit the form with the fields that it has."""
    form = client.get(SIGN_UP, headers=headers).context["form"]
    answers = {**LOGINS, "password1": PASSWORD, "password2": PASSWORD}
    asked = {name: value for name, value in answers.items() if name in form.fields}
    return client.post(SIGN_UP, fill_in(form, **asked), headers=headers)


def log_in(client, login=LOGINS[METHODS[-1]], password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def is_logged_in(client):
    return client.get(reverse("themis:settings")).status_code == 200


def change_password(client):
    return submit(
        client,
        reverse("account_change_password"),
        oldpassword=PASSWORD,
        password1=OTHER_PASSWORD,
        password2=OTHER_PASSWORD,
    )


def link(message):
    """Return the path of the link in an email."""
    [url] = re.findall(r"https?://\S+", message.body)
    return urlsplit(url).path


def test_login_page_hides_closed_signup(client, db, closed_signup):
    assert f'"{SIGN_UP}"' not in client.get(LOGIN).content.decode()


def test_login_page_links_to_open_signup(client, db, open_signup):
    assert f'"{SIGN_UP}"' in client.get(LOGIN).content.decode()


def test_signup_is_closed(client, db, closed_signup):
    assert client.get(SIGN_UP).status_code == 200
    answers = {**LOGINS, "password1": PASSWORD, "password2": PASSWORD}
    client.post(SIGN_UP, answers)
    assert not get_user_model().objects.exists()


def test_signup_requires_a_confirmed_address(client, db, open_signup):
    sign_up(client)
    assert not is_logged_in(client)
    login = getattr(get_user_model().objects.get(), METHODS[-1])
    log_in(client, login)
    assert not is_logged_in(client)
    path = link(mail.outbox[0])
    client.post(path)
    log_in(client, login)
    assert is_logged_in(client)
    assert EmailAddress.objects.get().verified


def test_signup_keeps_the_language_of_the_form(client, db, open_signup):
    language = project_settings.LANGUAGES[-1][0]
    sign_up(client, **{"Accept-Language": language})
    assert get_user_model().objects.get().profile.language == language


@pytest.mark.parametrize("method", METHODS)
def test_login(client, eve, method):
    log_in(client, LOGINS[method])
    assert is_logged_in(client)


@pytest.mark.skipif("email" not in METHODS, reason="Nobody logs in with an address.")
def test_login_ignores_the_case_of_an_address(client, eve):
    log_in(client, "EVE@example.com")
    assert is_logged_in(client)


def test_wrong_password(client, eve):
    response = log_in(client, password="wrong")
    assert response.status_code == 200
    assert not is_logged_in(client)


def test_guessing_is_limited(client, eve):
    for _ in range(30):
        log_in(client, password="wrong")
    log_in(client)
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil"]
)
def test_login_does_not_redirect_to_other_sites(client, eve, target):
    data = {"login": LOGINS[METHODS[-1]], "password": PASSWORD, "next": target}
    home = resolve_url(project_settings.LOGIN_REDIRECT_URL)
    assert client.post(LOGIN, data)["Location"] == home


def test_reset_password(client, eve):
    client.post(RESET, {"email": LOGINS["email"]})
    response = client.get(link(mail.outbox[0]), follow=True)
    new = {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    client.post(response.redirect_chain[-1][0], new)
    log_in(client, password=OTHER_PASSWORD)
    assert is_logged_in(client)


def test_reset_does_not_reveal_accounts(client, eve):
    known = client.post(RESET, {"email": LOGINS["email"]})
    unknown = client.post(RESET, {"email": "bob@example.com"})
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    assert ["eve@example.com"] in [message.to for message in mail.outbox]


def test_new_password_ends_other_sessions(client, eve):
    other = Client()
    log_in(client)
    log_in(other)
    change_password(client)
    assert is_logged_in(client)
    assert not is_logged_in(other)


def test_sign_in_rotates_the_session(client, eve):
    client.get(LOGIN)
    session = client.session  # a visitor's session, planted by an attacker
    session["here"] = True
    session.save()
    log_in(client)
    assert client.session.session_key != session.session_key


def test_ended_session_gives_no_access(client, eve):
    log_in(client)
    thief = Client()
    thief.cookies = client.cookies.copy()
    assert is_logged_in(thief)
    client.post(reverse("account_logout"))
    assert not is_logged_in(thief)


@pytest.mark.parametrize(
    "path",
    [
        reverse("account_reset_password"),
        reverse("account_reset_password_done"),
        reverse("account_reset_password_from_key", args=["1", "bad"]),
        reverse("account_reset_password_from_key_done"),
        reverse("account_email_verification_sent"),
        reverse("account_confirm_email", args=["bad"]),
        reverse("account_inactive"),
        SIGN_UP,
    ],
)
def test_every_page_has_a_way_back(client, db, closed_signup, path):
    main = client.get(path).text.partition("<main")[2].partition("<footer")[0]
    assert re.search(r'<a\b[^>]*href="/', main), "Add a link to where users can go on."


def test_there_are_no_default_accounts(db):
    assert not get_user_model().objects.exists()


def test_sessions_are_listed_and_ended(client, eve):
    other = Client(headers={"user-agent": "Other browser"})
    log_in(client)
    log_in(other)
    assert "Other browser" in client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))
    assert is_logged_in(client)
    assert not is_logged_in(other)


@pytest.mark.parametrize(
    "name", ["usersessions_list", "account_email", "account_change_password"]
)
def test_pages_have_the_layout(client, eve, name):
    log_in(client)
    assert_has_the_layout(client.get(reverse(name)))


def assert_has_the_layout(response):
    html = response.content.decode()
    assert "base.html" in [template.name for template in response.templates]
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)


def test_the_admin_has_the_same_login_page(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(f"{LOGIN}?next=")


def test_emails_are_text_and_html(client, eve, settings):
    client.post(RESET, {"email": LOGINS["email"]})
    [message] = mail.outbox
    [html] = [part.content for part in message.alternatives]
    assert message.subject.startswith(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX)
    assert link(message) in html


def test_emails_escape_user_input(client, db, open_signup):
    sign_up(client)
    get_user_model().objects.update(username="<b>eve</b>")
    mail.outbox.clear()
    client.post(RESET, {"email": LOGINS["email"]})
    [html] = [part.content for part in mail.outbox[0].alternatives]
    assert "<b>eve" not in html


def grow_old(client):
    """Make the sign-in look long ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 10_000
    session.save()


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove"])
def test_changing_an_address_needs_a_recent_sign_in(client, eve, settings, action):
    settings.ACCOUNT_MAX_EMAIL_ADDRESSES = 5
    other = EmailAddress.objects.create(
        user=eve, email="other@example.com", verified=True
    )
    address = "new@example.com" if action == "action_add" else other.email
    before = set(EmailAddress.objects.values_list("email", "primary"))
    log_in(client)
    grow_old(client)
    page = reverse("account_email")
    response = client.post(page, {"email": address, action: ""})
    assert set(EmailAddress.objects.values_list("email", "primary")) == before
    again = reverse("account_reauthenticate")
    assert response["Location"].startswith(again)
    client.post(response["Location"], {"password": PASSWORD})
    assert set(EmailAddress.objects.values_list("email", "primary")) != before


def test_changing_users_in_the_admin_needs_a_recent_sign_in(client, eve):
    eve.is_staff = eve.is_superuser = True
    eve.save()
    log_in(client)
    change = reverse("admin:accounts_user_change", args=[eve.pk])
    assert client.get(change).status_code == 200
    grow_old(client)
    for page in (change, reverse("admin:auth_user_password_change", args=[eve.pk])):
        for response in (client.get(page), client.post(page, {"email": ""})):
            again = reverse("account_reauthenticate")
            assert response["Location"].startswith(again)


def test_too_many_guesses_are_logged(client, eve, caplog):
    for _ in range(30):
        log_in(client, password="wrong")
    events = [record.event for record in caplog.records if hasattr(record, "event")]
    assert "locked_out" in events
    assert eve.email not in caplog.text


def test_changes_are_mailed_to_the_user(client, eve):
    log_in(client)
    change_password(client)
    assert [message.to for message in mail.outbox] == [[eve.email]]
