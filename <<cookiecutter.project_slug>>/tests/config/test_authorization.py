"""Who may do what: every route, asked by everybody.

What is expected stands in `authorization.py` beside the tests of each app: a route that
is in none of them fails. Add yours there: GET and POST for nobody, another user, the
owner of what it is about, and staff; or for keys, without and with the scope.
"""

import importlib
import re
from itertools import product

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from themis import conf
from themis.api_keys import issue
from themis.models import APIKey

BASE_DIR = settings.BASE_DIR
ROLES = (
    *("nobody", "other user", "owner", "staff"),
    *("key without scope", "key with scope", "revoked key", "expired key"),
)
METHODS = ("GET", "POST")
# What stands for the variable parts of a path, besides the keys of objects.
SAMPLES = {
    "app_label": "themis",
    "id": "1",
    "content_type_id": "1",
    "object_id": "1",
    "uidb36": "1",
    "key": "x",
    "url": "x",
    "unknown": "x",
}

modules = [
    importlib.import_module(".".join(path.relative_to(BASE_DIR).with_suffix("").parts))
    for path in [
        *BASE_DIR.glob("tests/*/authorization.py"),
        BASE_DIR / "themis/tests/authorization.py",
    ]
]
EXPECTED = {}
for module in modules:
    assert not EXPECTED.keys() & module.EXPECTED.keys()
    EXPECTED |= module.EXPECTED


def walk(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from walk(pattern.url_patterns, route)


def is_admin(route):
    return route.startswith(settings.ADMIN_PATH)


ROUTES = sorted(set(walk(get_resolver().url_patterns)))
ADMIN_ROUTES = [route for route in ROUTES if is_admin(route)]
OTHER_ROUTES = [route for route in ROUTES if not is_admin(route)]


@pytest.fixture
def people(db):
    users = get_user_model().objects
    return {
        "other user": users.create_user("other"),
        "owner": users.create_user("owner", "owner@example.com"),
        "staff": users.create_superuser("staff"),
    }


@pytest.fixture
def ask(people):
    """Sends a request as somebody, and forgets what it changed."""
    owner = people["owner"]
    keys = {
        "key without scope": issue(owner, "none"),
        "key with scope": issue(owner, "all", conf.api_scopes()),
        "revoked key": issue(owner, "revoked", conf.api_scopes()),
        "expired key": issue(owner, "expired", conf.api_scopes()),
    }
    keys["revoked key"][0].revoke(by=owner)
    APIKey.objects.filter(name="expired").update(expires_at=timezone.now())

    def send(role, method, path):
        headers = {}
        if role in keys:
            headers["authorization"] = f"Bearer {keys[role][1]}"
        cache.clear()
        with transaction.atomic():
            client = Client(headers=headers)
            if role in people:
                client.force_login(people[role])
            response = client.generic(method, path)
            transaction.set_rollback(True)
        return response

    return send


def path_of(route, pk):
    """A path that the route matches."""
    route = re.sub(r"<int:\w+>", str(pk), route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: SAMPLES[name[1]], route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda name: SAMPLES[name[1]], route)
    return "/" + re.sub(r"[\^$]|\\Z", "", route)


def pk_of(route, people):
    """The object of the owner that the route is about, by the start of the route."""
    for module in modules:
        for prefix, make in module.OBJECTS.items():
            if re.match(re.escape(prefix) + "<int:", route):
                return make(people["owner"]).pk
    return 0


def test_every_route_has_an_expectation():
    assert set(OTHER_ROUTES) == set(EXPECTED)


def test_the_matrix_is_complete():
    for route, rows in EXPECTED.items():
        assert list(rows) == list(METHODS), route
        assert all(len(row) == len(ROLES) for row in rows.values()), route


@pytest.mark.parametrize("route", OTHER_ROUTES)
def test_route(ask, people, route):
    path = path_of(route, pk_of(route, people))
    for method in METHODS:
        answers = {role: ask(role, method, path).status_code for role in ROLES}
        expected = dict(zip(ROLES, EXPECTED[route][method], strict=True))
        assert answers == expected, method


@pytest.mark.parametrize("route", ADMIN_ROUTES)
def test_admin_route(ask, people, route):
    """The admin's own check comes first, whatever the route."""
    path = path_of(route, 1)
    for method, role in product(METHODS, ROLES):
        response = ask(role, method, path)
        if role == "staff":
            assert response.status_code in {200, 302, 400, 403, 404, 405}
            assert "/login/" not in response.get("Location", "")
        elif path == "/admin/login/":
            is_user = role in {"owner", "other user"}
            assert response.status_code == (403 if is_user else 302)
        else:
            assert response.status_code == 302, role
            assert response["Location"].startswith(("/admin/login/?next=", "/admin/"))
