"""Format and parse dates, times and numbers in the formats that a user has chosen.

    format_date(task.due)             # for the user of the current request
    format_date(task.due, user=user)  # for another user: in an email, a background task

Outside a request and without a `user`, the profile's default formats apply. With a
`user`, their time zone and language apply, too; without one, Django's active ones. In
templates, `{% load themis %}` has a filter for each.

Text that is rendered later, such as a notification, uses the lazy functions: it appears
in the language, formats and zone of its reader.
"""

from themis.formatting.current import current_profile, override
from themis.formatting.dates import (
    format_date,
    format_date_lazy,
    format_datetime,
    format_datetime_lazy,
    format_time,
    format_time_lazy,
)
from themis.formatting.money import (
    currency_decimals,
    format_money,
    format_money_lazy,
)
from themis.formatting.numbers import format_number, format_number_lazy
from themis.formatting.reading import (
    parse_date,
    parse_datetime,
    parse_number,
    parse_time,
)
from themis.formatting.relative import format_relative, format_relative_lazy
from themis.formatting.zones import from_local, to_local

__all__ = [
    "currency_decimals",
    "current_profile",
    "format_date",
    "format_date_lazy",
    "format_datetime",
    "format_datetime_lazy",
    "format_money",
    "format_money_lazy",
    "format_number",
    "format_number_lazy",
    "format_relative",
    "format_relative_lazy",
    "format_time",
    "format_time_lazy",
    "from_local",
    "override",
    "parse_date",
    "parse_datetime",
    "parse_number",
    "parse_time",
    "to_local",
]
