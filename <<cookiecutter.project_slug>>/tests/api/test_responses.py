"""The API with this project's middleware and error handlers."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


API = reverse("themis-api:api-root")


@pytest.mark.parametrize(("path", "status"), [("me", 401), ("nothing", 404)])
def test_response_has_the_headers(client: Client, path: str, status: int) -> None:
    response = client.get(f"{API}{path}")

    assert response.status_code == status
    for header in (
        *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy"),
        *("Cross-Origin-Resource-Policy", "X-Request-ID", "X-Content-Type-Options"),
    ):
        assert response[header]


def test_unhandled_exception_is_a_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("themis.api.auth.authenticate", lambda *args: 1 / 0)

    response = client.get(f"{API}me")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Request-ID"]
