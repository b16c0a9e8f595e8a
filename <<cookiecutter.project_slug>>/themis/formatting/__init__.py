"""Dates, times and numbers in the formats that a user has chosen, and back.

    format_date(task.due)             # for the user of the current request
    format_date(task.due, user=user)  # for another: in an e-mail, a background task

Without a user and outside a request, the profile's defaults count. With a `user`, so do
their time zone and language; without one, those that Django has active. In templates,
`{% load themis %}` has a filter for each.

Text that is rendered later, such as a notification, takes the lazy functions: it is
written in the language, formats and zone of whoever reads it.
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
