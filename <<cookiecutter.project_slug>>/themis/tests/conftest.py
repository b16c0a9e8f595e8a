import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection

import themis

# Independent of the speed of the machine.
hypothesis.settings.register_profile("themis", deadline=None)
hypothesis.settings.load_profile("themis")


def pytest_configure() -> None:
    if settings.SETTINGS_MODULE != "themis.tests.settings":
        raise pytest.UsageError(
            "Themis' tests have settings of their own. Run them alone: pytest themis"
        )


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Clear the cache, which holds the rate limits, before each test."""
    cache.clear()


@pytest.fixture
def user(db: None) -> Any:
    return get_user_model().objects.create_user("ada", "ada@example.com")


@pytest.fixture
def other_user(db: None) -> Any:
    return get_user_model().objects.create_user("bob", "bob@example.com")


@pytest.fixture
def database_url(transactional_db: None, tmp_path: Path) -> str:
    """Return the URL of the test database for other processes.

    On PostgreSQL, this is the test database itself, on SQLite a copy of it.
    """
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
            # Only here: several processes that switch to WAL lock each other out.
            target.execute("PRAGMA journal_mode=WAL")
        target.close()
        return f"sqlite:///{copy}"
    url = urlsplit(os.environ["DATABASE_URL"])
    server = url.path.rpartition("/")[0]
    return url._replace(path=f"{server}/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def in_process(transactional_db: None, request: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that runs code on the test database in another process.

    It returns the `subprocess.Popen`, with piped input and output.
    """
    processes = []

    def start(code: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "shell", "-v0", "-c", code],
            cwd=Path(themis.__file__).parents[1],
            env={**os.environ, "DATABASE_URL": request.getfixturevalue("database_url")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
