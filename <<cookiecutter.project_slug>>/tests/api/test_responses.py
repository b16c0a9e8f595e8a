"""The API under the middleware and the error handlers of this project."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/me", 401), ("/api/v1/nothing", 404)]
)
def test_response_has_the_headers(client: Client, path: str, status: int) -> None:
    response = client.get(path)

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

    response = client.get("/api/v1/me")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Request-ID"]
