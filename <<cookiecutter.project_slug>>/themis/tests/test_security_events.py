"""Every event is one line: user, address and request, and nothing private."""

import json
import logging

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from themis.api_keys import issue, rotate
from themis.api_keys.secret import generate
from themis.http.request_log import JSONFormatter
from themis.security import events, security_event

LOGIN, PASSWORD = "/accounts/login/", "a-pass-word"


class Lines(logging.Handler):
    """The lines of the security log, parsed from JSON, during the request."""

    def __init__(self):
        super().__init__()
        self.setFormatter(JSONFormatter())
        self.written = []

    def emit(self, record):
        self.written.append(json.loads(self.format(record)))

    def __call__(self):
        return self.written


@pytest.fixture
def lines(caplog, monkeypatch):
    caplog.set_level(logging.INFO, logger="themis.security")
    handler = Lines()
    logger = logging.getLogger("themis.security")
    monkeypatch.setattr(logger, "handlers", [handler])
    return handler


@pytest.fixture
def mallory(db):
    return get_user_model().objects.create_user(
        "mallory", "mallory@example.com", PASSWORD
    )


@pytest.mark.parametrize("name", [*events.SIGNALS, *events.REFUSALS])
def test_each_signal_is_a_line(rf, mallory, client, lines, name):
    signal = {**events.SIGNALS, **events.REFUSALS}[name]
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.session, request.user = client.session, mallory
    signal.send(
        sender=None,
        request=request,
        user=mallory,
        email_address=EmailAddress(user=mallory, email=mallory.email),
        credentials={"username": "mallory", "email": "mallory@example.com"},
        authenticator=Authenticator(user=mallory, type="webauthn"),
        reauthenticated=True,
    )
    [line] = lines()
    assert {
        "event": name,
        "user": mallory.pk,
        "address": "192.0.2.7",
        "level": "WARNING" if name in events.REFUSALS else "INFO",
    }.items() <= line.items()
    assert "mallory" not in json.dumps(line)


def test_sign_in_and_out(client, mallory, lines):
    client.post(LOGIN, {"login": "mallory", "password": "wrong"})
    client.post(LOGIN, {"login": "nobody", "password": "wrong"})
    response = client.post(LOGIN, {"login": "mallory", "password": PASSWORD})
    client.post("/accounts/logout/")
    assert [(line["event"], line["user"]) for line in lines()] == [
        ("sign_in_refused", mallory.pk),
        ("sign_in_refused", None),
        ("signed_in", mallory.pk),
        ("signed_out", mallory.pk),
    ]
    assert {line["address"] for line in lines()} == {"127.0.0.1"}
    assert lines()[2]["request_id"] == response["X-Request-ID"]
    assert PASSWORD not in json.dumps(lines())


def test_anonymous_sign_out(client, db, lines):
    client.post("/accounts/logout/")
    assert lines() == []


def test_keys(mallory, lines):
    key, _text = issue(mallory, "CI", by=mallory)
    new, _text = rotate(key, by=mallory)
    new.revoke(by=None)
    assert [
        (line["event"], line["user"], line["details"]["key"]) for line in lines()
    ] == [
        ("api_key_created", mallory.pk, key.pk),
        ("api_key_rotated", mallory.pk, key.pk),
        ("api_key_created", mallory.pk, new.pk),
        ("api_key_revoked", None, new.pk),
    ]


def test_refusals_of_the_api(client, mallory, settings, lines):
    key, text = issue(mallory, "CI", by=mallory)
    settings.THEMIS_API_REQUESTS_PER_MINUTE = 1
    path = "/api/v1/notifications"
    client.get(path)
    client.get(path, headers={"authorization": f"Bearer {generate()}"})
    client.get(path, headers={"authorization": f"Bearer {text}"})
    client.get(path, headers={"authorization": f"Bearer {text}"})
    found = [line for line in lines() if line["event"] == "api_refused"]
    assert [
        (line["details"]["status"], line["details"]["key"], line["user"])
        for line in found
    ] == [
        (401, None, None),
        (401, None, None),
        (403, key.pk, mallory.pk),
        (429, key.pk, mallory.pk),
    ]
    assert text[:20] not in json.dumps(found)


def test_admin(client, mallory, other_user, lines):
    mallory.is_staff = True
    mallory.save()
    mallory.user_permissions.set(Permission.objects.all())
    client.force_login(mallory)
    for path, data in (
        (f"/admin/auth/user/{other_user.pk}/delete/", {"post": "yes"}),
        ("/admin/auth/user/bob@example.com/delete/", {"post": "yes"}),
        ("/admin/auth/user/", {"action": "", "_selected_action": ["1", "2"]}),
    ):
        client.post(path, data)
    found = [line for line in lines() if line["event"] == "admin_form_sent"]
    assert [line["user"] for line in found] == [mallory.pk] * 3
    assert [line["details"]["object"] for line in found] == [
        str(other_user.pk),
        None,
        None,
    ]
    assert found[2]["details"]["selected"] == 2
    assert "bob@example.com" not in json.dumps(found)


def test_outside_of_a_request(lines):
    security_event("invoice_released", None, invoice=7)
    [line] = lines()
    assert (line["user"], line["address"]) == (None, None)
    assert line["message"] == "invoice_released user=None address=None invoice=7"
