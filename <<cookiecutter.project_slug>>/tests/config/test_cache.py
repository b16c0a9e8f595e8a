import socket
from collections.abc import Iterator

import environ
import pytest
from allauth.account import app_settings
from django.contrib.auth.models import AbstractUser
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.cache import TIMEOUTS, cache_settings
from themis.http.outages import OutageError


def settings_for(url: str) -> dict[str, object]:
    return cache_settings(environ.Env.cache_url_config(url))


@pytest.fixture(params=["down", "hanging"])
def broken_cache(request: pytest.FixtureRequest, settings: Settings) -> Iterator[None]:
    """Use a Redis that refuses connections, or accepts them and never replies."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "hanging":
            server.listen()
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0?socket_timeout=0.05"
        settings.CACHES = {"default": settings_for(url)}
        yield
        caches["default"].close()


def test_redis_has_timeouts() -> None:
    options = settings_for("redis://localhost:6379/1")["OPTIONS"]
    assert options == TIMEOUTS


def test_a_timeout_can_be_changed() -> None:
    options = settings_for("redis://localhost:6379/1?socket_timeout=2")["OPTIONS"]
    assert options == {**TIMEOUTS, "socket_timeout": 2}


def test_other_caches_have_no_such_options() -> None:
    assert "OPTIONS" not in settings_for("locmemcache://")


@pytest.mark.usefixtures("broken_cache")
def test_cache_errors_are_outages() -> None:
    with pytest.raises(OutageError):
        cache.get("anything")
    with pytest.raises(OutageError):
        cache.set_many({"one": 1, "two": 2})


@pytest.mark.django_db
@pytest.mark.usefixtures("broken_cache")
@pytest.mark.parametrize(
    ("name", "limit", "form"),
    [
        ("account_login", "login", {"login": "ada", "password": "wrong"}),
        ("account_reset_password", "reset_password", {"email": "ada@example.com"}),
    ],
)
def test_rate_limits_fail_closed(
    client: Client, user: AbstractUser, name: str, limit: str, form: dict[str, str]
) -> None:
    if not app_settings.RATE_LIMITS.get(limit):
        pytest.skip("It has no limit.")
    client.raise_request_exception = False
    response = client.post(reverse(name), form)
    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.django_db
@pytest.mark.usefixtures("broken_cache")
def test_pages_work_without_the_cache(client: Client, user: AbstractUser) -> None:
    client.force_login(user)
    assert client.get(reverse("themis:notification-list")).status_code == 200
