"""Error pages, which must work when other parts don't: `rf` makes requests without
middleware and without a database."""

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults


def test_not_found(client: Client) -> None:
    assert client.get("/nothing/").status_code == 404


def test_not_allowed(rf: RequestFactory) -> None:
    response = defaults.permission_denied(rf.get("/"), PermissionDenied())

    assert response.status_code == 403


def test_expired_form(client: Client) -> None:
    url = reverse("account_login")

    assert Client(enforce_csrf_checks=True).post(url).status_code == 403


def test_error(rf: RequestFactory) -> None:
    assert defaults.server_error(rf.get("/")).status_code == 500


def test_outage(
    client: Client, monkeypatch: pytest.MonkeyPatch, user: AbstractUser
) -> None:
    """Without the database, there is neither a session nor a user."""

    def unreachable(*args: object) -> None:
        raise OperationalError("connection refused")

    client.force_login(user)
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "cursor", unreachable)
        response = client.get(reverse("themis:notification-list"))

    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.django_db
def test_error_in_a_view(
    client: Client, user: AbstractUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(user)
    client.raise_request_exception = False
    monkeypatch.setattr(
        "themis.notifications.bell.Bell.badge", property(lambda bell: 1 / 0)
    )

    assert client.get(reverse("themis:notification-list")).status_code == 500
