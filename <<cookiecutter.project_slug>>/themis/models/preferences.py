"""The choices and defaults of preferences. Settings may change both."""

import zoneinfo
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from themis import conf

FORMAT_LENGTH = 32  # characters
EXAMPLE = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)


class Weekday(models.IntegerChoices):
    """Days of the week, numbered as by `datetime.date.isoweekday()`."""

    MONDAY = 1, _("Monday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Theme(models.TextChoices):
    SYSTEM = "system", _("Match device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class DigestFrequency(models.TextChoices):
    NEVER = "never", _("Never")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every day")


def default(name: str) -> Any:
    """Return the default of a preference: see THEMIS_DEFAULTS."""
    return conf.preferences()[name]


def date_formats(*kept: str) -> list[tuple[str, str]]:
    """Return the choices with samples, and the formats that a user has kept."""
    return _samples([*conf.date_formats(), *kept])


def time_formats(*kept: str) -> list[tuple[str, str]]:
    """Return the choices with samples, and the formats that a user has kept."""
    return _samples([*conf.time_formats(), *kept])


def number_formats(*kept: str) -> list[tuple[str, str]]:
    """Return the choices, which are samples, and the formats that a user has kept."""
    return [(form, form) for form in dict.fromkeys([*conf.number_formats(), *kept])]


def hours() -> list[tuple[int, str]]:
    """Return the hours of a day. `themis.forms` shows them in the user's format."""
    return [(hour, f"{hour:02}:00") for hour in range(24)]


class FormatField(models.CharField):
    """A format that the site offers, or that the profile has kept."""

    def validate(self, value: Any, profile: models.Model | None) -> None:
        try:
            super().validate(value, profile)
        except ValidationError:
            if profile is None or not self._is_stored(value, profile):
                raise

    def _is_stored(self, value: Any, profile: models.Model) -> bool:
        rows = type(profile)._default_manager.filter(pk=profile.pk)
        return rows.filter(**{self.attname: value}).exists()


def languages() -> list[tuple[str, str | Promise]]:
    # No list type covers a mix of lazy and plain names.
    choices: Any = settings.LANGUAGES
    return list(choices)


def validate_timezone(name: str) -> None:
    """Raise ValidationError unless `name` is in the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Use a name such as Europe/Berlin."),
            code="timezone",
            params={"name": name},
        )


def _samples(formats: list[str]) -> list[tuple[str, str]]:
    """Return each format with a sample, in the language of the page."""
    return [(form, dateformat.format(EXAMPLE, form)) for form in dict.fromkeys(formats)]
