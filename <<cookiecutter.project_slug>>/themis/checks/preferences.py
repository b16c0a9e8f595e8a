"""Checks of the default preferences."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError

from themis.models import UserProfile

PREFERENCES = {
    field.name: field
    for field in UserProfile._meta.concrete_fields
    if field.name not in ("id", "user")
}


@register("themis")
def check_defaults(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E007`: a default belongs to no preference, or its field refuses it."""
    site_wide = getattr(settings, "THEMIS_DEFAULTS", {})
    if not isinstance(site_wide, dict):
        return [_error(f"THEMIS_DEFAULTS is {site_wide!r}, not a dictionary.")]
    return [
        _error(f"THEMIS_DEFAULTS has {name!r}: {problem}")
        for name, value in site_wide.items()
        for problem in _problems(name, value)
    ]


def _problems(name: object, value: object) -> list[str]:
    if name not in PREFERENCES:
        return [f"there is no such preference. Use one of {', '.join(PREFERENCES)}."]
    try:
        cleaned = PREFERENCES[name].clean(value, None)
    except ValidationError as error:
        return error.messages
    # A form converts the text of a number; here it would stay text.
    return [] if cleaned == value else [f"{value!r} should be {cleaned!r}."]


def _error(message: str) -> Error:
    hint = 'Set THEMIS_DEFAULTS to a dictionary such as {"date_format": "d.m.Y"}.'
    return Error(message, hint=hint, id="themis.E007")
