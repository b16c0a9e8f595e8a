"""The headers of every response, and what production adds."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import include, path, reverse

from tests.config.routes import OTHER_ROUTES, is_variable
from tests.production import production

# Sources that would allow somebody else's scripts.
UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:"}


LOGIN = reverse("account_login")


def boom(request):
    raise RuntimeError("password=secret")


urlpatterns = [path("boom/", boom), path("", include("config.urls"))]


def policy(response):
    """Return the sources of each directive."""
    directives = response["Content-Security-Policy"].split(";")
    words = [directive.split() for directive in directives if directive.strip()]
    return {name: set(sources) for name, *sources in words}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("account_login", 200),
        ("account_reset_password", 200),
        ("themis:notification-list", 302),
        ("/nothing/", 404),
        ("/boom/", 500),
        ("admin:index", 302),
        ("themis:health", 404),
    ],
)
@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_every_response_has_the_headers(client, db, name, status, host):
    client.raise_request_exception = False
    response = client.get(resolve_url(name), headers={"host": host})
    # Only views that read the host reject a wrong one.
    assert response.status_code in {status} | ({400} if host != "testserver" else set())
    for header in (
        *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy"),
        *("Cross-Origin-Resource-Policy", "X-Request-ID"),
    ):
        assert response[header]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_policy_blocks_foreign_scripts(client, db):
    directives = policy(client.get(reverse("account_login")))
    default = directives["default-src"]
    for name in ("script-src", "object-src", "base-uri"):
        # The last has no default.
        allowed = directives.get(name, {"*"} if name == "base-uri" else default)
        assert not allowed & UNSAFE, (
            f"{name} of the content security policy in config/settings.py allows "
            f"{' '.join(allowed & UNSAFE)}: name the hosts, or use a nonce."
        )
    assert directives.get("frame-ancestors", {"*"}) & {"'none'", "'self'"}


@pytest.mark.parametrize(
    "name",
    ["admin:index", "admin:accounts_user_changelist", "admin:themis_userprofile_add"],
)
def test_admin_has_the_policy(admin_client, name):
    response = admin_client.get(reverse(name))
    assert response.status_code == 200
    assert policy(response) == policy(admin_client.get(reverse("themis:settings")))


def test_forged_requests_are_refused_under_the_policy(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    response = client.post(reverse("themis:notifications-read"))
    assert response.status_code == 403
    assert policy(response)["default-src"]


@pytest.mark.parametrize("route", [r for r in OTHER_ROUTES if not is_variable(r)])
def test_head_request_logs_no_warning(client, user, route, caplog):
    client.force_login(user)
    caplog.clear()
    client.head(f"/{route}")
    assert {record.name for record in caplog.records if record.levelname != "INFO"} <= {
        "themis.security"
    }


@pytest.mark.parametrize("route", [r for r in OTHER_ROUTES if not is_variable(r)])
def test_pages_of_a_session_are_not_cached(client, user, route):
    """What only signed-in users see."""
    visitor = client.get(f"/{route}")
    assert not Session.objects.exists(), "Visitors who only read fill the database."
    client.force_login(user)
    response = client.get(f"/{route}")
    if response.status_code == 200 and visitor.status_code != 200:
        assert re.search("no-store|private", response["Cache-Control"])


@pytest.mark.urls(__name__)
def test_errors_are_not_mailed(client, settings):
    settings.ADMINS = [("Ada", "ada@example.com")]
    client.raise_request_exception = False
    assert client.get("/boom/").status_code == 500
    assert mail.outbox == []


@pytest.mark.urls(__name__)
def test_error_pages_show_no_details(client):
    client.raise_request_exception = False
    assert b"secret" not in client.get("/boom/").content


def in_production(code, database_url, **variables):
    """Return what the code prints with production settings."""
    environment = production(
        ALLOWED_HOSTS="example.com",
        DATABASE_URL=database_url,
        **{"CACHE_URL": "redis://127.0.0.1:6379", **variables},
    )
    process = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


ASK_TWICE = """
import json, sys
from django.test import Client, override_settings
from django.urls import reverse
STORAGES = {"staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}}
page = reverse("account_login")
with override_settings(STORAGES=STORAGES, CACHES={"default": {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
}}):
    plain = Client(headers={"host": "example.com"}).get(page + "?next=/x")
    secure = Client(headers={"host": "example.com"}).get(page, secure=True)
sys.stdout.write(json.dumps([
    [response.status_code, dict(response.headers), response.cookies.output()]
    for response in (plain, secure)
]))
"""


@pytest.fixture(scope="module")
def responses():
    """Return the responses in production, without and with TLS."""
    return json.loads(in_production(ASK_TWICE, "sqlite://"))


def test_production_redirects_to_https(responses):
    status, headers, _cookies = responses[0]
    assert status == 301, "If the proxy redirects to https, delete this test."
    assert headers["Location"] == f"https://example.com{LOGIN}?next=/x"
    assert "Content-Security-Policy" in headers


def test_production_requires_https(responses):
    _status, headers, _cookies = responses[1]
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_production_cookies_need_https(responses):
    for _status, _headers, cookies in responses:
        assert all("Secure" in cookie for cookie in cookies.splitlines())
    _status, _headers, cookies = responses[1]
    assert "csrf" in cookies


def test_admin_path():
    code = (
        "import sys; from django.urls import reverse; "
        "sys.stdout.write(reverse('admin:index'))"
    )
    printed = in_production(code, "sqlite://", ADMIN_PATH="back-office/")
    assert printed == "/back-office/"


def test_rate_limits_need_a_shared_cache():
    code = (
        "from django.core.management import call_command; import sys; "
        "call_command('check', deploy=True, tags=['security'], stdout=sys.stdout, "
        "stderr=sys.stdout)"
    )
    assert "(themis.W001)" in in_production(
        code, "sqlite://", CACHE_URL="locmemcache://"
    )
    assert "W001" not in in_production(code, "sqlite://")
