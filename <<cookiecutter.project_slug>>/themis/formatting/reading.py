"""Parse dates, times and numbers as a user types them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import dateformat
from django.utils.translation import gettext as _

from themis.formatting import format_characters
from themis.formatting.current import current_profile, speaking_to
from themis.formatting.patterns import date_pattern, datetime_pattern, time_pattern
from themis.formatting.separators import Separators
from themis.formatting.zones import from_local
from themis.models.preferences import EXAMPLE

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = ["parse_date", "parse_datetime", "parse_number", "parse_time"]

_LONGEST = 500  # characters, because some patterns take quadratic time


def parse_date(text: str, *, user: "Reader | None" = None) -> date:
    """Parse a date as `format_date()` writes it, or in ISO 8601, such as 2026-12-31.

    Leading zeros, surrounding spaces and the case of month names do not matter. A year
    has four digits. Raises ValidationError, showing an example in the user's format.
    """
    with speaking_to(user):
        if read := _read(text, [date_pattern(), "Y-m-d"]):
            return read.date()
        example = dateformat.format(EXAMPLE, date_pattern())
        raise _unreadable(_("Enter a date, for example: %(example)s"), example)


def parse_time(text: str, *, user: "Reader | None" = None) -> time:
    """Parse a time as `format_time()` writes it, with or without seconds.

    A 12-hour clock requires AM or PM. Raises ValidationError, showing an
    example in the user's format.
    """
    with speaking_to(user):
        if read := _read(text, [time_pattern(), time_pattern(seconds=True)]):
            return read.time()
        example = dateformat.format(EXAMPLE, time_pattern())
        raise _unreadable(_("Enter a time, for example: %(example)s"), example)


def parse_datetime(text: str, *, user: "Reader | None" = None) -> datetime:
    """Parse a date and time as `format_datetime()` writes it. Return an aware datetime.

    The text is in the user's time zone, by the rules of `from_local()`. The date may be
    in ISO 8601. Raises ValidationError, showing an example in the user's format.
    """
    with speaking_to(user):
        patterns = [
            f"{day} {time_pattern(seconds=seconds)}"
            for day in (date_pattern(), "Y-m-d")
            for seconds in (False, True)
        ]
        if read := _read(text, patterns):
            return from_local(read)
        example = dateformat.format(EXAMPLE, datetime_pattern())
        raise _unreadable(
            _("Enter a date and a time, for example: %(example)s"), example
        )


def parse_number(text: str, *, user: "Reader | None" = None) -> Decimal:
    """Parse a number as `format_number()` writes it.

    Spaces and apostrophes may group digits in every format. Groups must have three
    digits, or two before the last three, as in India. So 1,5 never becomes 15 for a
    user who writes 1.5. Raises ValidationError, showing an example in the user's
    format.
    """
    with speaking_to(user):
        separators = Separators.of(current_profile().number_format)
        number = separators.read(text) if len(text) <= _LONGEST else None
        if number is None:
            example = separators.write(Decimal("1234567.89"))
            raise _unreadable(_("Enter a number, for example: %(example)s"), example)
        return number


def _read(text: str, patterns: list[str]) -> datetime | None:
    return format_characters.read(text, patterns) if len(text) <= _LONGEST else None


def _unreadable(message: str, example: str) -> ValidationError:
    return ValidationError(message, code="invalid", params={"example": example})
