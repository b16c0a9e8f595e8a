import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import required, secret


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_production_names_the_missing_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEBUG", "False")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL_FILE"):
        required("DATABASE_URL", development="sqlite://")


def test_production_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEBUG", raising=False)
    with pytest.raises(ImproperlyConfigured):
        required("DATABASE_URL", development="sqlite://")


def test_development_has_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "True")
    assert required("DATABASE_URL", development="sqlite://") == "sqlite://"


def test_set_variable_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "True")
    monkeypatch.setenv("DATABASE_URL", "postgres://db/app")
    assert required("DATABASE_URL", development="sqlite://") == "postgres://db/app"


def test_missing_secret_is_empty() -> None:
    assert "DATABASE_URL" not in os.environ
    assert secret("DATABASE_URL") == ""
