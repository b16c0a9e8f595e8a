"""Themis' settings and their defaults. Read late, so that tests can override them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
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
    "notifications:write": _("Mark your notifications as read and dismiss them"),
    "notifications:send": _("Send you notifications"),
}
HEALTH_CHECKS = {
    "database": "themis.health.check_database",
    "cache": "themis.health.check_cache",
}
# What users choose from. The first one of each is the default.
FORMATS = {
    "THEMIS_DATE_FORMATS": ["Y-m-d", "d.m.Y", "d/m/Y", "m/d/Y", "j M Y", "M j, Y"],
    "THEMIS_TIME_FORMATS": ["H:i", "g:i A"],
    "THEMIS_NUMBER_FORMATS": [
        "1,234,567.89",
        "1.234.567,89",
        "1\u202f234\u202f567,89",
        "1’234’567.89",
        "12,34,567.89",
        "1234567.89",
    ],
}


def poll_interval() -> int:
    """Seconds between two polls of the bell; 0 means that it does not poll."""
    return _read("THEMIS_NOTIFICATION_POLL_INTERVAL")


def max_age_days() -> int:
    """The longest time, in days, that read and dismissed notifications are kept."""
    return _read("THEMIS_NOTIFICATION_MAX_AGE_DAYS")


def api_requests_per_minute() -> int:
    """Requests per minute with one API key."""
    return _read("THEMIS_API_REQUESTS_PER_MINUTE")


def api_failures_per_minute() -> int:
    """Requests per minute with a wrong API key from one address."""
    return _read("THEMIS_API_FAILURES_PER_MINUTE")


def api_scopes() -> "dict[str, Text]":
    """The scopes of API keys: a name, and a description for the key's owner."""
    return {**API_SCOPES, **getattr(settings, "THEMIS_API_SCOPES", {})}


def health_checks() -> dict[str, str]:
    """The checks of the health report: a name, and the dotted path of a function.

    The function takes no argument and raises `themis.health.HealthCheckError` on
    failure.
    """
    return {**HEALTH_CHECKS, **getattr(settings, "THEMIS_HEALTH_CHECKS", {})}


def health_token() -> str:
    """The token of a monitor (`Authorization: Bearer …`); empty: staff only."""
    return str(getattr(settings, "THEMIS_HEALTH_TOKEN", ""))


def staff_need_second_factor() -> bool:
    """Whether staff must add a second factor before they can do anything else."""
    return bool(getattr(settings, "THEMIS_STAFF_NEED_SECOND_FACTOR", False))


def session_idle_seconds() -> int:
    """Seconds after which an unused session ends; 0: no limit."""
    return int(getattr(settings, "THEMIS_SESSION_IDLE_HOURS", 0) * 3600)


def date_formats() -> Sequence[str]:
    """The date formats that users choose from, in Django's format characters."""
    return _formats("THEMIS_DATE_FORMATS")


def time_formats() -> Sequence[str]:
    """The time formats that users choose from, in Django's format characters."""
    return _formats("THEMIS_TIME_FORMATS")


def number_formats() -> Sequence[str]:
    """The number formats that users choose from: 1234567.89, written in each."""
    return _formats("THEMIS_NUMBER_FORMATS")


@cache  # read for every field of every new profile
def preferences() -> Mapping[str, Any]:
    """The default of each preference, for visitors and until a user chooses."""
    site_wide = getattr(settings, "THEMIS_DEFAULTS", {})
    return {
        "timezone": settings.TIME_ZONE,
        "language": settings.LANGUAGE_CODE,
        "date_format": date_formats()[0],
        "time_format": time_formats()[0],
        "number_format": number_formats()[0],
        "first_day_of_week": 1,  # Monday
        "theme": "system",
        "notifications_enabled": True,
        "notification_min_level": "info",
        "browser_notifications": False,
        "notification_retention_days": 90,
        "email_digest": "never",
        "email_digest_hour": 8,
        "email_danger_at_once": False,
        **(site_wide if isinstance(site_wide, dict) else {}),
    }


@receiver(setting_changed)
def forget_preferences(**kwargs: object) -> None:
    """Clear the cache, because a test has changed a setting."""
    preferences.cache_clear()


def site_url() -> str:
    """The scheme and host of links in emails."""
    return str(getattr(settings, "THEMIS_SITE_URL", "")).rstrip("/")


def email_address() -> str:
    """The dotted path of a function that takes a user; empty: their email field."""
    return str(getattr(settings, "THEMIS_EMAIL_ADDRESS", ""))


def settings_forms() -> Sequence[str]:
    """The project's own sections of the settings page, as dotted paths."""
    return getattr(settings, "THEMIS_SETTINGS_FORMS", ())


def _read(name: str) -> int:
    value: int = getattr(settings, name, DEFAULTS[name])
    return value


def _formats(name: str) -> Sequence[str]:
    formats = getattr(settings, name, None)
    # `manage.py check` reports an invalid value, so it must not fail here.
    if (
        isinstance(formats, list | tuple)
        and formats
        and all(isinstance(each, str) for each in formats)
    ):
        return formats
    return FORMATS[name]
