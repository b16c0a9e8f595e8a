import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from config import passwords
from config.passwords import PLACES, PBKDF2PasswordHasher
from themis.http.outages import OutageError

PASSWORD = "a-pass-word"


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Hash nothing until the returned function is called."""
    turn = threading.Lock()
    monkeypatch.setattr(PBKDF2PasswordHasher, "_turn", turn)
    turn.acquire()
    return turn.release


def test_hashes_as_django_does() -> None:
    ours, theirs = PBKDF2PasswordHasher(), hashers.PBKDF2PasswordHasher()

    assert ours.encode(PASSWORD, "salt", 10) == theirs.encode(PASSWORD, "salt", 10)
    assert ours.verify(PASSWORD, theirs.encode(PASSWORD, "salt", 10))


def test_requests_beyond_the_limit_are_refused(blocked: Callable[[], None]) -> None:
    hasher = PBKDF2PasswordHasher()
    refused = threading.Semaphore(0)

    def encode(number: int) -> bool:
        try:
            hasher.encode(PASSWORD, f"salt{number}", 10)
        except OutageError:
            refused.release()
            return False
        return True

    with ThreadPoolExecutor(PLACES + 3) as threads:
        done = threads.map(encode, range(PLACES + 3))
        try:
            assert all(refused.acquire(timeout=5) for _ in range(3))
        finally:
            blocked()
        assert sum(done) == PLACES
    assert hasher.encode(PASSWORD, "salt", 10)


@pytest.mark.django_db
def test_sign_in_is_answered_with_503(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = [f"{passwords.__name__}.PBKDF2PasswordHasher"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "_places", threading.Semaphore(0))
    client.raise_request_exception = False
    response = client.post(
        reverse("account_login"), {"login": "ada", "password": PASSWORD}
    )

    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.django_db
def test_password_elsewhere_is_answered_with_503(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, user: User
) -> None:
    settings.PASSWORD_HASHERS = [f"{passwords.__name__}.PBKDF2PasswordHasher"]
    user.set_password(PASSWORD)
    user.save()
    monkeypatch.setattr(PBKDF2PasswordHasher, "_places", threading.Semaphore(0))
    client.raise_request_exception = False
    client.force_login(user)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.django_db
def test_early_refusal_runs_no_query(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(PBKDF2PasswordHasher, "_places", threading.Semaphore(0))
    with django_assert_num_queries(0):
        assert client.post(reverse("account_login")).status_code == 503
        assert client.get(reverse("account_login")).status_code == 200
