"""Checks of the formats that users choose from."""

from collections.abc import Callable, Iterator, Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from themis import conf
from themis.formatting.problems import (
    date_format_problem,
    number_format_problem,
    time_format_problem,
)
from themis.models.preferences import FORMAT_LENGTH

FORMATS = (
    ("THEMIS_DATE_FORMATS", date_format_problem),
    ("THEMIS_TIME_FORMATS", time_format_problem),
    ("THEMIS_NUMBER_FORMATS", number_format_problem),
)


@register("themis")
def check_formats(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.E006`: a format cannot be read back or stored."""
    return [
        Error(
            f"{setting}: {problem}",
            hint=f"Set {setting} to a list such as {conf.FORMATS[setting][:2]}.",
            id="themis.E006",
        )
        for setting, find in FORMATS
        for problem in _problems(setting, find)
    ]


def _problems(setting: str, find: Callable[[str], str]) -> Iterator[str]:
    formats = getattr(settings, setting, conf.FORMATS[setting])
    if not isinstance(formats, list | tuple) or not formats:
        yield f"{formats!r} is not a list of formats."
        return
    for form in formats:
        if not isinstance(form, str):
            yield f"{form!r} is not a string."
        elif len(form) > FORMAT_LENGTH:
            yield f"{form!r} is longer than {FORMAT_LENGTH} characters."
        elif problem := find(form):
            yield f"{form!r} could not be read back. {problem}"
