"""The headers of every response, and what production adds."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as project_settings
from django.core import mail
from django.test import Client
from django.urls import include, path

CONTENT_SECURITY_POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "script-src 'self'",
    "style-src 'self'",
}


def boom(request):
    raise RuntimeError("password=secret")


urlpatterns = [path("boom/", boom), path("", include("config.urls"))]


def policy(response):
    directives = response["Content-Security-Policy"].split(";")
    return {directive.strip() for directive in directives} - {""}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 200),
        ("/accounts/password/reset/", 200),
        ("/notifications/", 302),
        ("/nothing/", 404),
        ("/boom/", 500),
        ("/admin/", 302),
        ("/api/v1/me", 401),
        ("/api/v1/nothing", 404),
        ("/healthz/", 404),
    ],
)
@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_every_response_has_the_headers(client, db, path, status, host):
    client.raise_request_exception = False
    response = client.get(path, headers={"host": host})
    # Only views that look at the host refuse a wrong one.
    assert response.status_code in {status} | ({400} if host != "testserver" else set())
    assert policy(response) == CONTENT_SECURITY_POLICY
    expected = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert expected.items() <= dict(response.headers).items()
    assert response["X-Request-ID"]


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/accounts/user/", "/admin/themis/apikey/"]
)
def test_admin_has_the_policy(admin_client, path):
    response = admin_client.get(path)
    assert response.status_code == 200
    assert policy(response) == CONTENT_SECURITY_POLICY


def test_forged_requests_are_refused_under_the_policy(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    response = client.post("/notifications/read/")
    assert response.status_code == 403
    assert policy(response) == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path",
    [
        "/settings/",
        "/settings/api-keys/",
        "/settings/api-keys/new/",
        "/accounts/email/",
        "/accounts/password/set/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
        "/notifications/",
    ],
)
def test_pages_of_a_session_are_not_cached(client, user, path):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


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
    environment = {
        **os.environ,
        "DEBUG": "False",
        "ALLOWED_HOSTS": "example.com",
        "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DATABASE_URL": database_url,
        "CACHE_URL": "redis://127.0.0.1:6379",
        **variables,
    }
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
STORAGES = {"staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}}
with override_settings(STORAGES=STORAGES, CACHES={"default": {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
}}):
    plain = Client(headers={"host": "example.com"}).get("/accounts/login/?next=/x")
    secure = Client(headers={"host": "example.com"}).get(
        "/accounts/login/", secure=True
    )
sys.stdout.write(json.dumps([
    [response.status_code, dict(response.headers), response.cookies.output()]
    for response in (plain, secure)
]))
"""


@pytest.fixture(scope="module")
def responses():
    """Return the responses of production, without and with TLS."""
    return json.loads(in_production(ASK_TWICE, "sqlite://"))


def test_production_redirects_to_https(responses):
    status, headers, _cookies = responses[0]
    assert status == 301
    assert headers["Location"] == "https://example.com/accounts/login/?next=/x"
    assert "Content-Security-Policy" in headers


def test_production_requires_https_for_a_year(responses):
    _status, headers, _cookies = responses[1]
    assert headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )


def test_production_cookies(responses):
    status, _headers, cookies = responses[1]
    assert status == 200
    assert "__Host-csrftoken=" in cookies
    assert "Secure" in cookies
    assert "Path=/" in cookies
    assert "Domain" not in cookies


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
        "call_command('check', deploy=True, stdout=sys.stdout, stderr=sys.stdout)"
    )
    assert "(themis.W001)" in in_production(
        code, "sqlite://", CACHE_URL="locmemcache://"
    )
    assert "W001" not in in_production(code, "sqlite://")
