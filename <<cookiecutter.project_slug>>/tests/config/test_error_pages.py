"""What people see when something goes wrong, and that it needs nothing that may be
missing then: `rf` makes requests that no middleware has touched, without a database."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.views import defaults


def test_not_found(client):
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert '<h1 class="mt-4">Page not found</h1>' in response.text


def test_not_allowed(rf):
    response = defaults.permission_denied(rf.get("/"), PermissionDenied())

    assert response.status_code == 403
    assert "Not allowed" in response.content.decode()


def test_expired_form(client):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")

    assert response.status_code == 403
    assert "This form has expired" in response.text


def test_error(rf):
    response = defaults.server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


@pytest.mark.django_db
def test_error_in_the_api(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("themis.api.auth.authenticate", lambda *args: 1 / 0)

    response = client.get("/api/v1/me")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Internal Server Error"
    assert response["X-Request-ID"]


@pytest.mark.django_db
def test_error_in_a_view(client, user, monkeypatch):
    client.force_login(user)
    client.raise_request_exception = False
    monkeypatch.setattr(
        "themis.notifications.bell.Bell.newest", property(lambda bell: 1 / 0)
    )

    assert "Something went wrong" in client.get("/notifications/").text
