"""Inputs for dates and times, for the fields of `themis.forms.date_fields`.

`DateInput`, `TimeInput` and `DateTimeInput` are the browser's own. They submit and
render ISO 8601 in every language, because browsers show anything else as empty.
`DateTextInput`, `TimeTextInput` and `DateTimeTextInput` take text in the user's format.
With `calendar=True`, a button beside the date opens a calendar.
"""

import json
from datetime import date, datetime, time
from typing import Any

from django.forms.widgets import Input, Script, Select
from django.utils import timezone, translation

from themis import formatting
from themis.formatting.format_characters import names
from themis.forms.time_zones import time_zone_options

__all__ = [
    "DateInput",
    "DateTextInput",
    "DateTimeInput",
    "DateTimeTextInput",
    "TemporalInput",
    "TimeInput",
    "TimeTextInput",
    "TimeZoneSelect",
]


class TemporalInput(Input):
    # Otherwise, Django removes the fractions of a second from the initial value, and
    # saving an unchanged form would lose them.
    supports_microseconds = True

    def format_value(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = formatting.to_local(value).replace(tzinfo=None)
        if isinstance(value, date | time):
            return self.write(value)
        return str(value)  # as typed

    def write(self, value: Any) -> str:
        """Return a date, time, or naive datetime in the user's time zone as text."""
        raise NotImplementedError


class _ScriptedInput(TemporalInput):
    class Media:
        js = (Script("themis/calendar.js", type="module"),)


class _CalendarInput(_ScriptedInput):
    template_name = "themis/widgets/calendar.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, calendar: bool = False
    ) -> None:
        # Beside the button, an input may be narrower than its value.
        super().__init__({"class": "min-w-0"} | (attrs or {}) if calendar else attrs)
        self.calendar = calendar

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if self.calendar:
            profile = formatting.current_profile()
            context["widget"]["calendar"] = {
                "first_day_of_week": profile.first_day_of_week % 7,  # Sunday is 0
                "locale": translation.get_language(),
                "value": DateInput().format_value(value),
                "attrs": self.calendar_attrs(profile.date_format),
            }
        return context

    def calendar_attrs(self, date_format: str) -> dict[str, str]:
        """Return the attributes of the format for calendar.js."""
        return format_attrs(date_format)


class _ClockInput(_ScriptedInput):
    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        written = context["widget"]["value"] or ""
        if written.count(":") == 2:
            # With the default step of a minute, users could not change the seconds.
            context["widget"]["attrs"].setdefault("step", 1)
        return context


class DateInput(_CalendarInput):
    input_type = "date"

    def write(self, value: date) -> str:
        return _day(value).isoformat()


class TimeInput(_ClockInput):
    input_type = "time"

    def write(self, value: date | time) -> str:
        clock = _clock(value)
        return clock.isoformat(timespec="seconds" if clock.second else "minutes")


class DateTimeInput(_ClockInput, _CalendarInput):
    input_type = "datetime-local"

    def write(self, value: date) -> str:
        return f"{DateInput().write(value)}T{TimeInput().write(value)}"


class DateTextInput(_CalendarInput):
    input_type = "text"

    def write(self, value: date) -> str:
        return formatting.format_date(_day(value))


class TimeTextInput(TemporalInput):
    input_type = "text"

    def write(self, value: date | time) -> str:
        clock = _clock(value)
        return formatting.format_time(clock, seconds=bool(clock.second))


class DateTimeTextInput(_CalendarInput):
    input_type = "text"

    def write(self, value: date) -> str:
        return f"{DateTextInput().write(value)} {TimeTextInput().write(value)}"

    def calendar_attrs(self, date_format: str) -> dict[str, str]:
        midnight = {"data-midnight": TimeTextInput().write(time())}
        return super().calendar_attrs(date_format) | midnight


class TimeZoneSelect(Select):
    """All time zones. With JavaScript, a button selects the browser's."""

    template_name = "themis/widgets/time_zone.html"

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["options"] = time_zone_options(str(value or ""))
        return context


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _clock(value: date | time) -> time:
    """Return the time of day: midnight for a date."""
    if isinstance(value, datetime):
        return value.time()
    return value if isinstance(value, time) else time()


def format_attrs(form: str) -> dict[str, str]:
    """Return a format for calendar.js, with its words in the current language."""
    return {"data-format": form, "data-names": json.dumps(names(form))}
