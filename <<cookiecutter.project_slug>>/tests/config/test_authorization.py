"""Who may do what: every route, requested by every role.

A page that requires login, and an operation that requires a key and its scope, need no
line here. Public routes and routes about an object do: write into `authorization.py`
beside the app's tests which status nobody, another user, the owner of the object and
staff get for GET and POST, or keys without and with the scope.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.config.routes import (
    ADMIN_ROUTES,
    EXPECTED,
    OTHER_ROUTES,
    file_of,
    is_variable,
    object_of,
    path_of,
)
from themis import conf
from themis.api_keys import issue
from themis.models import APIKey

USERS = ("other user", "owner", "staff")
ROLES = (
    *("nobody", *USERS),
    *("key without scope", "key with scope", "revoked key", "expired key"),
)
METHODS = ("GET", "POST")
EVERYTHING = list(product(METHODS, ROLES))
# The most telling requests. `make test-all` sends all.
SAMPLE = [
    *product(("GET",), ("nobody", *USERS, "key without scope", "key with scope")),
    *product(("POST",), ("nobody", "other user", "key without scope")),
]
SAMPLE_OF_ADMIN = list(product(("GET",), ("nobody", "other user", "staff")))


def sampled(sample: list[tuple[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "asked",
        [
            pytest.param(sample, id="sample"),
            pytest.param(EVERYTHING, id="all", marks=pytest.mark.slow),
        ],
    )


People = dict[str, Any]
Ask = Callable[[str, str, str], HttpResponse]


@pytest.fixture
def people(db: None) -> People:
    users = get_user_model().objects
    return {
        "other user": users.create_user("other"),
        "owner": users.create_user("owner", "owner@example.com"),
        "staff": users.create_superuser("staff"),
    }


@pytest.fixture
def ask(people: People, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Send a request as a role, and roll back what it changed.

    All users count as having just signed in.
    """
    monkeypatch.setattr(
        type(get_adapter()), "is_reauthentication_required", lambda *_, **__: False
    )
    owner = people["owner"]
    keys = {
        "key without scope": issue(owner, "none"),
        "key with scope": issue(owner, "all", conf.api_scopes()),
        "revoked key": issue(owner, "revoked", conf.api_scopes()),
        "expired key": issue(owner, "expired", conf.api_scopes()),
    }
    keys["revoked key"][0].revoke(by=owner)
    APIKey.objects.filter(name="expired").update(expires_at=timezone.now())
    cookies = {}
    for role, user in people.items():
        client = Client()
        client.force_login(user)
        cookies[role] = client.cookies.output(header="", sep=";")

    def send(role: str, method: str, path: str) -> HttpResponse:
        client = Client()
        client.cookies.load(cookies.get(role, ""))
        headers = {}
        if role in keys:
            headers["authorization"] = f"Bearer {keys[role][1]}"
        cache.clear()
        with transaction.atomic():
            response = client.generic(method, path, headers=headers)
            transaction.set_rollback(True)
        return response

    return send


@sampled(SAMPLE)
@pytest.mark.parametrize("route", OTHER_ROUTES)
def test_route(
    ask: Ask, people: People, route: str, asked: list[tuple[str, str]]
) -> None:
    path = path_of(route, object_of(route, people["owner"]))
    answers = {(method, role): ask(role, method, path) for method, role in asked}
    if route in EXPECTED:
        assert_expected(route, answers)
    else:
        assert_clear(route, answers)


def assert_expected(route: str, answers: dict[tuple[str, str], HttpResponse]) -> None:
    for method in METHODS:
        expected = dict(zip(ROLES, EXPECTED[route][method], strict=True))
        wrong = [
            f"{role} is answered {response.status_code}, not {expected[role]}"
            for (asked, role), response in answers.items()
            if asked == method and response.status_code != expected[role]
        ]
        if wrong:
            pytest.fail(
                f"{method} /{route}: {', '.join(wrong)}. Correct the view, or "
                f'"{route}" in EXPECTED in {file_of(route)}.',
                pytrace=False,
            )


def assert_clear(route: str, answers: dict[tuple[str, str], HttpResponse]) -> None:
    """Fail if a route without expectations needs them."""
    let_in = {role for _method, role in answers if is_in(role, answers)}
    if {"nobody", "revoked key", "expired key"} & let_in:
        doubt = "It is public"
    elif is_variable(route) and set(USERS) & let_in:
        doubt = "It is about an object"
    else:
        return
    pytest.fail(
        f'{doubt}: add "{route}" to EXPECTED in {file_of(route)}, with what nobody, '
        "another user, the owner and staff get.",
        pytrace=False,
    )


def is_in(role: str, answers: dict[tuple[str, str], HttpResponse]) -> bool:
    """Return whether the role gets access to the route."""
    return not all(
        is_refused(role, response)
        for (_method, asked), response in answers.items()
        if asked == role
    )


def is_refused(role: str, response: HttpResponse) -> bool:
    """Return whether the role is denied access to the route itself.

    For a user, a 404 may be about the requested object.
    """
    log_in = resolve_url(settings.LOGIN_URL)
    if response.status_code == 302 and response["Location"].startswith(log_in):
        return True
    return response.status_code in ({401, 403, 405} if role in USERS else REFUSED)


REFUSED = {401, 403, 404, 405}


@pytest.mark.parametrize("route", EXPECTED)
def test_expectation_is_complete(route: str) -> None:
    rows = EXPECTED[route]

    assert list(rows) == list(METHODS), f"{route} needs what GET and POST answer."
    assert all(len(row) == len(ROLES) for row in rows.values()), (
        f"{route} needs an answer for each of {ROLES}."
    )


@sampled(SAMPLE_OF_ADMIN)
@pytest.mark.parametrize("route", ADMIN_ROUTES)
def test_admin_route(ask: Ask, route: str, asked: list[tuple[str, str]]) -> None:
    """The admin checks access first, whatever the route."""
    path = path_of(route)
    log_in, index = reverse("admin:login"), reverse("admin:index")
    for method, role in asked:
        response = ask(role, method, path)
        location = response.get("Location", "")
        if role == "staff":
            assert response.status_code in {200, 302, 400, 403, 404, 405}
            assert "/login/" not in location
        elif path == log_in:
            is_user = role in USERS
            assert response.status_code == (403 if is_user else 302)
        else:
            assert response.status_code == 302, role
            assert location.startswith((f"{log_in}?next=", index))
