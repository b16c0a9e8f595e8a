"""The project under gunicorn with its production settings, and a real Chromium.

Any error on a browser's console, any breach of the content security policy and any
failed request fails the test that caused it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLL_INTERVAL = 1  # seconds

# Beyond production: files of its own, a fast bell, and a language that is written from
# right to left.
SETTINGS = """
from config.settings import *
STATIC_ROOT = "{folder}/static"
MEDIA_ROOT = "{folder}/media"
LANGUAGES = [*LANGUAGES, ("ar", "Arabic")]
"""

# Runs what it reads, line by line, and writes what `answer` and `error` are then.
PYTHON = """
import json, sys, traceback
for line in sys.stdin:
    scope = {}
    try:
        exec(json.loads(line), scope)
    except Exception:
        scope["error"] = traceback.format_exc()
    print(json.dumps([scope.get("answer"), scope.get("error")]), flush=True)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    url: str
    run: Callable[[str], Any]  # Python, in a process of the project

    def notify(self, title: str, user: str = "demo", **keywords: Any) -> int:
        """Sends a notification. Returns its id."""
        return self.run(
            "from accounts.models import User\n"
            "from themis.notifications import notify_user\n"
            f"user = User.objects.get(username={user!r})\n"
            f"answer = notify_user(user, {title!r}, **{keywords!r}).pk"
        )

    def prefer(self, user: str = "demo", **preferences: Any) -> None:
        """Sets what the user prefers."""
        self.run(
            "from themis.models import UserProfile\n"
            f"profiles = UserProfile.objects.filter(user__username={user!r})\n"
            f"profiles.update(**{preferences!r})"
        )


@dataclass
class Visitor:
    """A browser of its own, with any number of tabs."""

    context: Any
    site: Site
    problems: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of problems that the test provokes

    def __post_init__(self) -> None:
        self.context.on("console", self._console)
        self.context.on(
            "weberror", lambda error: self.problems.append(str(error.error))
        )
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._failed)

    def open(self, path: str = "/") -> Any:
        """A new tab."""
        page = self.context.new_page()
        page.goto(self.site.url + path)
        return page

    def polls(self) -> int:
        return sum("/notifications/poll/" in request.url for request in self.requests)

    def found(self) -> list[str]:
        """The problems that the test did not expect."""
        return [
            problem
            for problem in self.problems
            if not any(part in problem for part in self.expected)
        ]

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.text} at {message.location['url']}")

    def _request(self, request: Any) -> None:
        self.requests.append(request)

    def _failed(self, request: Any) -> None:
        # Leaving a page ends the requests that are under way.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure} {request.url}")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    playwright = _needed("playwright.sync_api")
    if CHROMIUM is None:
        missing("There is no Chromium on PATH.")
    flags = FLAGS + ["--no-sandbox"] * (os.geteuid() == 0)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    trustme = _needed("trustme")
    folder = tmp_path_factory.mktemp("site")
    (folder / "browser_settings.py").write_text(SETTINGS.format(folder=folder))
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for number, part in enumerate(certificate.cert_chain_pems):
        part.write_to_path(folder / "certificate.pem", append=number > 0)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "browser_settings",
        "PYTHONPATH": str(folder),
        "DEBUG": "False",
        "SECRET_KEY": "only-for-these-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "memorymail://",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "THEMIS_NOTIFICATION_POLL_INTERVAL": str(POLL_INTERVAL),
        "WEB_CONCURRENCY": "1",
        # Chromium opens connections ahead of need, and each one's handshake takes one.
        "GUNICORN_THREADS": "32",
        "GUNICORN_BIND": f"127.0.0.1:{port}",
    }
    manage = [sys.executable, "manage.py"]
    for command, debug in (
        ("migrate", "False"),
        ("collectstatic --no-input", "False"),
        ("load_sample_data", "True"),  # it refuses in production
    ):
        subprocess.run(
            [*manage, *command.split()],
            cwd=settings.BASE_DIR,
            env=environment | {"DEBUG": debug},
            check=True,
        )
    with (
        (folder / "gunicorn.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi"]
            + [f"--certfile={folder}/certificate.pem", f"--keyfile={folder}/key.pem"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        ) as gunicorn,
        subprocess.Popen(
            [*manage, "shell", "-v0", "-c", PYTHON],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as python,
    ):

        def run(code: str) -> Any:
            print(json.dumps(code), file=python.stdin, flush=True)
            answer, error = json.loads(python.stdout.readline())
            assert error is None, error
            return answer

        try:
            _wait_for(port, gunicorn, folder / "gunicorn.log")
            yield Site(f"https://localhost:{port}", run)
        finally:
            python.kill()
            gunicorn.kill()


@pytest.fixture(scope="package")
def log_in(site: Site, chromium: Any) -> Callable[[str], Any]:
    """The cookies of a user, who logs in when they are first asked for."""
    cookies: dict[str, Any] = {}

    def log_in(user: str) -> Any:
        if user not in cookies:
            with chromium.new_context(ignore_https_errors=True) as context:
                sign_in(context.new_page(), site, user)
                cookies[user] = context.storage_state()
        return cookies[user]

    return log_in


@pytest.fixture
def visit(
    site: Site, chromium: Any, log_in: Callable[[str], Any]
) -> Iterator[Callable[..., Visitor]]:
    """`visit("demo")` is a user's browser, `visit()` that of somebody unknown."""
    visitors = []

    def visit(user: str | None = None, **options: Any) -> Visitor:
        state = log_in(user) if user else None
        options = {"ignore_https_errors": True, "storage_state": state} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.context.close()
    assert [problem for visitor in visitors for problem in visitor.found()] == []


def sign_in(page: Any, site: Site, user: str) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_label("Login").fill(user)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site.url}/")


def _needed(name: str) -> Any:
    try:
        return __import__(name, fromlist=["*"])
    except ImportError:
        missing(f"{name} is not installed: `make test-browser` installs it.")


def missing(reason: str) -> None:
    """Skips the test, or fails it where nothing may be skipped."""
    if os.environ.get("CI_STRICT") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"gunicorn did not start:\n{log.read_text()}")
