"""The project on gunicorn with its production settings, and a real Chromium.

A test fails if it causes an error on the browser's console, a violation of the content
security policy or a failed request.
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
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.browser.accessibility import LOOKS
from tests.browser.needs import missing, needed
from tests.browser.site import PASSWORD, POLL_INTERVAL, Site, Visitor
from tests.production import production

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
AXE = Path(settings.BASE_DIR) / "frontend/node_modules/axe-core/axe.min.js"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Added to production: separate files, the pages of these tests, and a language that is
# written from right to left.
SETTINGS = """
from config.settings import *
ROOT_URLCONF = "tests.browser.urls"
STATIC_ROOT = "{folder}/static"
MEDIA_ROOT = "{folder}/media"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German"), ("ar", "Arabic")]
"""

PEOPLE = f"""
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
for name, is_staff in (("ada", True), ("grace", False), ("joan", False)):
    user = get_user_model().objects.create_user(
        name, f"{{name}}@example.com", {PASSWORD!r}, first_name=name.title(),
        is_staff=is_staff, is_superuser=is_staff,
    )
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
"""

# Execute each line of the input, and print the values of `answer` and `error`.
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


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    playwright = needed("playwright.sync_api")
    if CHROMIUM is None:
        missing("Chromium is not on PATH.")
    flags = FLAGS + ["--no-sandbox"] * (os.geteuid() == 0)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    trustme = needed("trustme")
    folder = tmp_path_factory.mktemp("site")
    (folder / "browser_settings.py").write_text(SETTINGS.format(folder=folder))
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for number, part in enumerate(certificate.cert_chain_pems):
        part.write_to_path(folder / "certificate.pem", append=number > 0)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = production(
        DJANGO_SETTINGS_MODULE="browser_settings",
        PYTHONPATH=str(folder),
        ALLOWED_HOSTS="localhost",
        EMAIL_URL="memorymail://",
        STAFF_NEED_SECOND_FACTOR="False",
        DATABASE_URL=f"sqlite:///{folder / 'db.sqlite3'}",
        THEMIS_NOTIFICATION_POLL_INTERVAL=str(POLL_INTERVAL),
        WEB_CONCURRENCY="1",
        # Chromium opens connections in advance, and each one's handshake takes one.
        GUNICORN_THREADS="32",
        GUNICORN_BIND=f"127.0.0.1:{port}",
    )
    program = [sys.executable, "manage.py"]

    def manage(command: str, **variables: str) -> None:
        subprocess.run(
            [*program, *command.split()],
            cwd=settings.BASE_DIR,
            env=environment | variables,
            check=True,
        )

    manage("migrate")
    manage("collectstatic --no-input")
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
            [*program, "shell", "-v0", "-c", PYTHON],
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
            run(PEOPLE)
            yield Site(f"https://localhost:{port}", run, manage)
        finally:
            python.kill()
            gunicorn.kill()


@pytest.fixture(scope="package")
def log_in(site: Site, chromium: Any) -> Callable[[str], Any]:
    """The cookies of a user who signed in at most a few minutes ago.

    After five, some pages ask for the password again.
    """
    cookies: dict[str, tuple[float, Any]] = {}

    def log_in(user: str) -> Any:
        since, state = cookies.get(user, (0.0, None))
        if state is None or time.monotonic() - since > 200:
            with chromium.new_context(ignore_https_errors=True) as context:
                site.sign_in(context.new_page(), user)
                state = context.storage_state()
            cookies[user] = (time.monotonic(), state)
        return state

    return log_in


@pytest.fixture
def visit(
    site: Site, chromium: Any, log_in: Callable[[str], Any]
) -> Iterator[Callable[..., Visitor]]:
    """`visit("ada")` is a user's browser, `visit()` an anonymous visitor's."""
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


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        missing("axe-core is not installed: `make test-browser` installs it.")
    return AXE.read_text()


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, site: Site) -> Iterator[dict[str, Any]]:
    site.prefer(language="ar" if request.param == "rtl" else "en", theme="system")
    yield LOOKS[request.param]
    site.prefer(language="en")


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"gunicorn did not start:\n{log.read_text()}")
