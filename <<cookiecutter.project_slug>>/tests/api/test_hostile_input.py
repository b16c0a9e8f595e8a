"""Whatever is sent to the API, the response is never a server error."""

import json

import pytest
from django.urls import reverse

from tests.config.test_hostile_input import JSON, MULTIPART, owner, sampled, send
from themis import conf
from themis.api_keys import issue

__all__ = ["owner", "send"]

SEND = reverse("themis-api:api-root") + "notifications"
# method, path, content type, body, additional WSGI environment
RAW = [
    ("POST", SEND, JSON, b"", {}),
    ("POST", SEND, JSON, b"\xff\xfe", {}),
    ("POST", SEND, JSON, b"[" * 200_000, {}),
    ("POST", SEND, JSON, b'{"a":' * 50_000, {}),
    ("POST", SEND, JSON, b'{"title": "x", "title": "y", "level": {}}', {}),
    ("POST", SEND, JSON, rb'{"title": "\ud800"}', {}),
    ("POST", SEND, JSON, rb'{"title": "\u0000"}', {}),
    ("POST", SEND, JSON, b'{"title": 1e999}', {}),
    ("POST", SEND, JSON, b'{"title": "x", "source_id": ' + b"9" * 5000 + b"}", {}),
    ("POST", SEND, JSON, b'{"__proto__": {"title": "x"}}', {}),
    ("POST", SEND, MULTIPART, b'{"title": "x"}', {}),
    ("POST", SEND, JSON, b"{}", {"HTTP_AUTHORIZATION": "Bearer \xff\x00"}),
    ("POST", SEND, JSON, b"{}", {"HTTP_AUTHORIZATION": "Bearer " + "x" * 100_000}),
    ("POST", SEND, JSON, b"{}", {"HTTP_AUTHORIZATION": "Basic ==="}),
    ("GET", f"{SEND}?cursor=%ff&limit=1e3&level=%00", JSON, b"", {}),
    ("GET", f"{SEND}?cursor={'9' * 5000}", JSON, b"", {}),
    ("GET", f"{SEND}/{'9' * 5000}", JSON, b"", {}),
    ("GET", f"{SEND}/-1", JSON, b"", {}),
    ("GET", f"{SEND}/%2e%2e/me", JSON, b"", {}),
]


@pytest.fixture
def text(owner):
    return issue(owner, "CI", conf.api_scopes())[1]


@pytest.mark.parametrize("number", range(len(RAW)))
def test_requests(send, text, number):
    method, path, content_type, body, environment = RAW[number]
    headers = {"HTTP_AUTHORIZATION": f"Bearer {text}", **environment}
    send(method, path, content_type, body, **headers)


FIELDS = (
    *("title", "message", "level", "url", "source_app", "source_model", "source_id"),
    *("deduplicate", "expires_at", "unknown"),
)
THINGS = (None, True, 1, -1, 2**64, 1.5, [], [[]], {}, {"a": {}}, [None] * 1000)


@sampled
@pytest.mark.parametrize("field", FIELDS)
def test_fields(send, text, field, values):
    for thing in (*values(field), *THINGS):
        body = json.dumps({"title": "x", field: thing}).encode()
        headers = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
        send("POST", SEND, JSON, body, **headers)
