"""Themis' settings, with their defaults. Read late, so that tests can override them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

DEFAULTS = {
    "THEMIS_NOTIFICATION_POLL_INTERVAL": 60,
    "THEMIS_NOTIFICATION_MAX_AGE_DAYS": 90,
    "THEMIS_API_REQUESTS_PER_MINUTE": 300,
    "THEMIS_API_FAILURES_PER_MINUTE": 30,
}
API_SCOPES = {
    "notifications:read": _("Read your notifications"),
    "notifications:write": _("Mark your notifications as read, dismiss them"),
    "notifications:send": _("Send notifications to you"),
}
HEALTH_CHECKS = {
    "database": "themis.health.check_database",
    "cache": "themis.health.check_cache",
}


def poll_interval() -> int:
    """Seconds between two polls of the bell; 0 means that it does not poll."""
    return _read("THEMIS_NOTIFICATION_POLL_INTERVAL")


def max_age_days() -> int:
    """Days after which read and dismissed notifications are deleted at the latest."""
    return _read("THEMIS_NOTIFICATION_MAX_AGE_DAYS")


def api_requests_per_minute() -> int:
    """Requests that an API key may make in a minute."""
    return _read("THEMIS_API_REQUESTS_PER_MINUTE")


def api_failures_per_minute() -> int:
    """Requests with a wrong API key that an address may make in a minute."""
    return _read("THEMIS_API_FAILURES_PER_MINUTE")


def api_scopes() -> "dict[str, Text]":
    """What an API key may be allowed to do: a name, and a sentence for its owner."""
    return {**API_SCOPES, **getattr(settings, "THEMIS_API_SCOPES", {})}


def health_checks() -> dict[str, str]:
    """What the health report asks: a name and the dotted path of a function.

    It takes no argument and raises `themis.health.HealthCheckError` when something is
    wrong.
    """
    return {**HEALTH_CHECKS, **getattr(settings, "THEMIS_HEALTH_CHECKS", {})}


def health_token() -> str:
    """What a monitor sends as `Authorization: Bearer …`; empty: staff only."""
    return str(getattr(settings, "THEMIS_HEALTH_TOKEN", ""))


def _read(name: str) -> int:
    value: int = getattr(settings, name, DEFAULTS[name])
    return value
