"""The pages: whose keys are shown, a new key only once, after the password."""

import re
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from themis.api_keys import issue, issuing, verify
from themis.formatting import format_datetime, override
from themis.models import APIKey

LIST, CREATE = "/settings/api-keys/", "/settings/api-keys/new/"


@pytest.fixture
def owner(db):
    return get_user_model().objects.create_user("eve", "eve@example.com", "a-pass-word")


@pytest.fixture
def eve(client, owner):
    """A client of a user who has just entered the password."""
    client.force_login(owner)
    response = client.post("/accounts/reauthenticate/", {"password": "a-pass-word"})
    assert response.status_code == 302
    return client


def grow_old(client):
    """As if the password had been entered long ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 10_000
    session.save()


def filled(eve, path, **data):
    """The data that a browser sends for the form at the path."""
    html = eve.get(path).content.decode()
    [form_id] = re.findall(r'name="form_id" value="([0-9a-f-]+)"', html)
    return {"form_id": form_id, **data}


def creation(eve, **data):
    return filled(eve, CREATE, name="CI", days="90", **data)


def revealed(response):
    found = re.findall(r"thm_[0-9A-Za-z]{38}", response.content.decode())
    return found[0] if found else None


@pytest.mark.parametrize("path", [LIST, CREATE])
def test_visitors_log_in_first(client, db, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


def test_create(eve, owner):
    response = eve.post(
        CREATE,
        creation(
            eve, scopes=["notifications:read"], networks="192.0.2.0/24, 2001:db8::/32"
        ),
    )
    key = verify(revealed(response), "192.0.2.1")
    assert response.status_code == 200
    assert (key.user, key.name) == (owner, "CI")
    assert key.scopes == ["notifications:read"]
    assert key.networks == ["192.0.2.0/24", "2001:db8::/32"]
    assert key.events.get().actor == owner


def test_the_new_key_is_not_stored_on_the_way(eve):
    response = eve.post(CREATE, creation(eve))
    assert "no-store" in response["Cache-Control"]
    text = revealed(response)
    assert text not in str(dict(eve.session))
    assert text not in str(eve.cookies)


@pytest.fixture
def later(monkeypatch):
    """Treat no second request as a double click."""
    monkeypatch.setattr(issuing, "DOUBLE_CLICK", timedelta(0))


def test_double_click_shows_one_key(eve, owner):
    data = creation(eve)
    first, second = (revealed(eve.post(CREATE, data)) for _ in range(2))

    assert APIKey.objects.get() == verify(second, "127.0.0.1")
    assert verify(first, "127.0.0.1") is None
    assert owner.notifications.count() == 1


def test_resubmitting_after_use_keeps_the_key(eve):
    data = creation(eve)
    text = revealed(eve.post(CREATE, data))
    key = verify(text, "127.0.0.1")
    APIKey.objects.update(last_used_at=timezone.now())
    response = eve.post(CREATE, data, follow=True)

    assert revealed(response) is None
    assert verify(text, "127.0.0.1") == key


def test_reload_creates_no_second_key(eve, later):
    data = creation(eve)
    eve.post(CREATE, data)
    response = eve.post(CREATE, data, follow=True)
    assert APIKey.objects.count() == 1
    assert revealed(response) is None
    assert "already created and shown" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"scopes": ["everything"]}, "everything is not one of the available choices"),
        ({"days": "10000"}, "10000 is not one of the available choices"),
        ({"networks": "home"}, "home is not a network. Use the form 192.0.2.0/24."),
        ({"networks": "10.0.0.0/8 " * 21}, "Enter at most 20 networks."),
        ({"form_id": "x"}, "Enter a valid UUID."),
    ],
)
def test_create_refuses(eve, data, error):
    response = eve.post(CREATE, {**creation(eve), **data})
    assert error in response.content.decode()
    assert not APIKey.objects.exists()


def test_create_at_the_limit(eve, owner):
    for number in range(20):
        issue(owner, str(number))
    response = eve.post(CREATE, creation(eve))
    assert "You can have at most 20 active keys." in response.content.decode()


def test_old_session_confirms_the_password_first(eve):
    grow_old(eve)
    for response in (eve.get(CREATE), eve.post(CREATE, {"name": "CI", "days": "90"})):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/reauthenticate/?next=")
    assert not APIKey.objects.exists()


def test_confirming_the_password_resumes_the_form(eve, owner):
    data = creation(eve)
    grow_old(eve)
    eve.post(CREATE, data)
    response = eve.post(
        "/accounts/reauthenticate/", {"password": "a-pass-word", "next": CREATE}
    )
    assert verify(revealed(response), "127.0.0.1").user == owner
    assert "no-store" in response["Cache-Control"]


def test_list_shows_own_keys_only(eve, owner, other_user):
    issue(owner, "mine")
    issue(other_user, "theirs")
    html = eve.get(LIST).content.decode()
    assert "mine" in html
    assert "theirs" not in html


def test_list_shows_no_key(eve, owner):
    _key, text = issue(owner, "CI")
    html = eve.get(LIST).content.decode()
    assert text[:10] in html
    assert text[10:] not in html


def test_list_is_not_stored(eve):
    assert "no-store" in eve.get(LIST)["Cache-Control"]


def test_rotate(eve, owner):
    key, old = issue(owner, "CI")
    path = f"{LIST}{key.pk}/rotate/"
    response = eve.post(path, filled(eve, path, hours="24"))
    new = revealed(response)
    assert verify(new, "127.0.0.1").name == "CI"
    assert verify(old, "127.0.0.1") == key


def test_rotate_says_how_long_the_old_key_is_valid(eve, owner):
    key, _old = issue(owner, "CI")
    path = f"{LIST}{key.pk}/rotate/"
    html = eve.post(path, filled(eve, path, hours="24")).content.decode()
    key.refresh_from_db()
    with override(owner.profile):
        until = format_datetime(key.expires_at)
    assert f"The old key stays valid until {until}." in html


def test_double_click_rotates_once(eve, owner):
    key, _old = issue(owner, "CI")
    path = f"{LIST}{key.pk}/rotate/"
    data = filled(eve, path, hours="0")
    eve.post(path, data)
    new = revealed(eve.post(path, data))

    assert APIKey.objects.count() == 2
    assert APIKey.objects.active().get() == verify(new, "127.0.0.1")


def test_reload_rotates_once(eve, owner, later):
    key, _old = issue(owner, "CI")
    path = f"{LIST}{key.pk}/rotate/"
    data = filled(eve, path, hours="0")
    eve.post(path, data)
    response = eve.post(path, data, follow=True)
    assert APIKey.objects.count() == 2
    assert "already created and shown" in response.content.decode()


def test_rotate_asks_for_the_password(eve, owner):
    key, _text = issue(owner, "CI")
    grow_old(eve)
    response = eve.post(f"{LIST}{key.pk}/rotate/", {"hours": "0"})
    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_revoke(eve, owner):
    key, text = issue(owner, "CI")
    response = eve.post(f"{LIST}{key.pk}/revoke/", follow=True)
    assert verify(text, "127.0.0.1") is None
    assert f"The key {key} was revoked." in response.content.decode()


def test_revoke_is_a_post(eve, owner):
    key, _text = issue(owner, "CI")
    assert eve.get(f"{LIST}{key.pk}/revoke/").status_code == 405


@pytest.mark.parametrize("action", ["rotate", "revoke"])
def test_keys_of_others_are_not_found(eve, other_user, action):
    key, text = issue(other_user, "theirs")
    assert eve.post(f"{LIST}{key.pk}/{action}/").status_code == 404
    assert verify(text, "127.0.0.1") == key


def test_forms_need_their_token(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(CREATE, {"name": "CI"}).status_code == 403


def test_admin_shows_and_revokes(admin_client, owner):
    key, text = issue(owner, "CI")
    html = admin_client.get(f"/admin/themis/apikey/{key.pk}/change/").content.decode()
    assert key.digest not in html
    assert text[10:] not in html
    admin_client.post(
        "/admin/themis/apikey/", {"action": "revoke", "_selected_action": [key.pk]}
    )
    assert verify(text, "127.0.0.1") is None
    assert key.events.first().actor.username == "admin"


def test_admin_deletes_a_key_only_with_its_owner(admin_client, owner):
    key, _text = issue(owner, "CI")
    sure = {"post": "yes"}
    alone = admin_client.post(f"/admin/themis/apikey/{key.pk}/delete/", sure)
    assert alone.status_code == 403
    admin_client.post(f"/admin/auth/user/{owner.pk}/delete/", sure)
    assert not APIKey.objects.exists()
