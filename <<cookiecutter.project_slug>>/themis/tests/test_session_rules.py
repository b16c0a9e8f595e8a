"""Sessions end, and staff need two factors if a setting requires it."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from themis.security.middleware import SEEN_AT, SIGNED_IN_AT

HOUR = 60 * 60
PAGE, POLL, FACTORS = "/settings/", "/notifications/poll/", "/accounts/2fa/"


def grow_old(client, hours):
    session = client.session
    for name in (SIGNED_IN_AT, SEEN_AT):
        if name in session:
            session[name] -= hours * HOUR
    session.save()


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


@pytest.fixture
def ada(client, user):
    client.get("/")  # loads the middleware
    client.force_login(user)
    return client


def test_session_ends(ada, settings):
    settings.SESSION_COOKIE_AGE = 8 * HOUR
    grow_old(ada, 7)
    assert is_signed_in(ada)
    grow_old(ada, 2)
    response = ada.get(PAGE)
    assert response.status_code == 302
    assert "Clear-Site-Data" not in response, "What was typed would be lost."
    assert not is_signed_in(ada)


def test_idle_session_ends(ada, settings):
    settings.THEMIS_SESSION_IDLE_HOURS = 2
    for _hours in range(3):
        grow_old(ada, 1.5)
        assert is_signed_in(ada)
    grow_old(ada, 2.5)
    assert not is_signed_in(ada)


def test_polling_does_not_extend_the_session(ada, settings):
    settings.THEMIS_SESSION_IDLE_HOURS = 2
    grow_old(ada, 1.5)
    assert ada.get(POLL).status_code == 200
    grow_old(ada, 1)
    assert not is_signed_in(ada)


def test_last_use_is_saved_rarely(ada, settings):
    settings.THEMIS_SESSION_IDLE_HOURS = 2
    before = Session.objects.get().session_data
    assert is_signed_in(ada)
    assert Session.objects.get().session_data == before


def test_visitors_get_no_session(client, db):
    for path in (
        *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
        *("/accounts/confirm-email/", "/accounts/confirm-email/junk/", "/nothing/"),
        *(PAGE, POLL, FACTORS, "/accounts/2fa/authenticate/", "/accounts/logout/"),
        *("/accounts/reauthenticate/", "/accounts/password/reset/key/1-junk/"),
    ):
        client.get(path)
        assert not Session.objects.exists(), path


@pytest.fixture
def staff(client, db):
    client.get("/")
    boss = get_user_model().objects.create_superuser("boss", "boss@example.com")
    client.force_login(boss)
    client.headers = {"accept": "text/html"}
    return boss


def open_page(client, path):
    return client.get(path, headers={"accept": "text/html"})


def test_staff_add_a_second_factor(client, staff, settings):
    settings.THEMIS_STAFF_NEED_SECOND_FACTOR = True
    for path in ("/admin/", PAGE, "/notifications/"):
        response = open_page(client, path)
        assert (response.status_code, response["Location"]) == (302, FACTORS)
    assert "second factor" in open_page(client, FACTORS).text
    assert client.get(POLL).status_code == 403
    assert client.post("/notifications/read/").status_code == 403
    staff.authenticator_set.create(type="totp", data={})
    assert open_page(client, "/admin/").status_code == 200


def test_recovery_codes_do_not_count_as_second_factor(client, staff, settings):
    settings.THEMIS_STAFF_NEED_SECOND_FACTOR = True
    staff.authenticator_set.create(type="recovery_codes", data={})
    assert open_page(client, "/admin/").status_code == 302


def test_others_need_none(ada, settings):
    settings.THEMIS_STAFF_NEED_SECOND_FACTOR = True
    assert is_signed_in(ada)


def test_staff_need_none_by_default(client, staff):
    assert open_page(client, "/admin/").status_code == 200
