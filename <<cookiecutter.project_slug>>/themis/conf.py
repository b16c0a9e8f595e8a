"""Themis' settings, with their defaults. Read late, so that tests can override them."""

from django.conf import settings

DEFAULTS = {
    "THEMIS_NOTIFICATION_POLL_INTERVAL": 60,
    "THEMIS_NOTIFICATION_MAX_AGE_DAYS": 90,
}


def poll_interval() -> int:
    """Seconds between two polls of the bell; 0 means that it does not poll."""
    return _read("THEMIS_NOTIFICATION_POLL_INTERVAL")


def max_age_days() -> int:
    """Days after which read and dismissed notifications are deleted at the latest."""
    return _read("THEMIS_NOTIFICATION_MAX_AGE_DAYS")


def _read(name: str) -> int:
    value: int = getattr(settings, name, DEFAULTS[name])
    return value
