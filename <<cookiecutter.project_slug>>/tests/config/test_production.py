"""What the security variables change."""

import pytest
from django.conf import settings

from config.security import csp_reporting, security_settings

OWNERS_DECISIONS = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *("CSP_REPORT_URI", "SESSION_HOURS", "SESSION_IDLE_HOURS"),
        *("STAFF_NEED_SECOND_FACTOR", "HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD"),
    ):
        monkeypatch.delenv(name, raising=False)


def test_hsts_extensions_are_opt_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    production = security_settings(debug=False)
    assert not any(production[name] for name in OWNERS_DECISIONS)
    monkeypatch.setenv("HSTS_INCLUDE_SUBDOMAINS", "True")
    monkeypatch.setenv("HSTS_PRELOAD", "True")
    production = security_settings(debug=False)
    assert all(production[name] for name in OWNERS_DECISIONS)


def test_staff_need_a_second_factor_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "THEMIS_STAFF_NEED_SECOND_FACTOR"
    assert security_settings(debug=False)[name]
    assert not security_settings(debug=True)[name]
    monkeypatch.setenv("STAFF_NEED_SECOND_FACTOR", "False")
    assert not security_settings(debug=False)[name]


def test_sessions_last_as_long_as_the_variables_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "8")
    monkeypatch.setenv("SESSION_IDLE_HOURS", "0.5")
    production = security_settings(debug=False)
    assert production["SESSION_COOKIE_AGE"] == 8 * 60 * 60
    assert production["THEMIS_SESSION_IDLE_HOURS"] == 0.5


def test_csp_reports_go_to_the_variables_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert csp_reporting() == {}
    monkeypatch.setenv("CSP_REPORT_URI", "https://reports.example.com/csp")
    assert csp_reporting() == {"report-uri": ["https://reports.example.com/csp"]}


def test_cookies_are_secure_and_http_only() -> None:
    production = security_settings(debug=False)
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert settings.SESSION_COOKIE_HTTPONLY
    for name in (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE):
        assert name in ("Lax", "Strict")
