"""Dates and times of day as a user writes them."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import dateformat
from django.utils.functional import lazy

from themis.formatting.blank import Blank
from themis.formatting.current import speaking_to
from themis.formatting.patterns import date_pattern, datetime_pattern, time_pattern
from themis.formatting.zones import to_local

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = [
    "format_date",
    "format_date_lazy",
    "format_datetime",
    "format_datetime_lazy",
    "format_time",
    "format_time_lazy",
]


def format_date(value: date | Blank, *, user: "Reader | None" = None) -> str:
    """Return a date in the user's format. None and "" give "".

    An aware datetime gives its date in the user's time zone.

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with speaking_to(user):
        if isinstance(value, datetime):
            value = to_local(value)
        elif not isinstance(value, date):
            raise TypeError(f"Pass a date or an aware datetime, not {value!r}.")
        return dateformat.format(value, date_pattern())


def format_time(
    value: time | datetime | Blank,
    *,
    seconds: bool = False,
    user: "Reader | None" = None,
) -> str:
    """Return a time of day in the user's format. None and "" give "".

    A time is not converted; an aware datetime is converted to the user's time zone.

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with speaking_to(user):
        if isinstance(value, datetime):
            value = to_local(value).time()
        elif not isinstance(value, time):
            raise TypeError(f"Pass a time or an aware datetime, not {value!r}.")
        return dateformat.time_format(value, time_pattern(seconds=seconds))


def format_datetime(
    value: datetime | Blank,
    *,
    seconds: bool = False,
    user: "Reader | None" = None,
) -> str:
    """Return an aware datetime in the user's formats and time zone.

    None and "" give "".

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with speaking_to(user):
        return dateformat.format(to_local(value), datetime_pattern(seconds=seconds))


# For text that is rendered later, in the reader's language, formats and zone. Invalid
# values raise only then.
format_date_lazy = lazy(format_date, str)
format_time_lazy = lazy(format_time, str)
format_datetime_lazy = lazy(format_datetime, str)
