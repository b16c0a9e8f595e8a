"""Dates and times in Django's format characters, read instead of written."""

import re
from datetime import date, datetime, time

from django.utils import dateformat

__all__ = ["read"]

_PATTERNS = {
    **dict.fromkeys("dj", r"(?P<day>\d{1,2})"),
    **dict.fromkeys("mn", r"(?P<month>\d{1,2})"),
    "M": r"(?P<month_name>.+?)",
    "Y": r"(?P<year>\d{4})",
    **dict.fromkeys("HG", r"(?P<hour>\d{1,2})"),
    **dict.fromkeys("hg", r"(?P<hour_of_12>\d{1,2})"),
    "i": r"(?P<minute>\d{2})",
    "s": r"(?P<second>\d{2})",
    "A": r"\s*(?P<half>\D+)",
    " ": r"\s+",
}


def read(text: str, formats: list[str]) -> datetime | None:
    """Return the naive datetime that the text says in the first format that it has.

    None if it has none of them. Names are those of the current language. Parts that
    the format lacks are those of midnight on January 1 in the year 1.
    """
    for form in formats:
        characters = form.replace(" A", "A")
        pattern = "".join(_PATTERNS.get(c, re.escape(c)) for c in characters)
        if match := re.fullmatch(pattern, text.strip()):
            return _assemble(match.groupdict())
    return None


def _assemble(said: dict[str, str]) -> datetime | None:
    if "month_name" in said:
        said["month"] = _month(said["month_name"])
    if "half" in said:
        said["hour"] = _hour(int(said["hour_of_12"]), said["half"])
    try:
        year, month, day = (int(said.get(part, 1)) for part in ("year", "month", "day"))
        hour, minute, second = (
            int(said.get(part, 0)) for part in ("hour", "minute", "second")
        )
        return datetime.combine(date(year, month, day), time(hour, minute, second))
    except ValueError:  # such as February 30, or a word that is no month
        return None


def _month(name: str) -> str:
    for number in range(1, 13):
        day = date(2000, number, 1)
        if _bare(name) in {_bare(dateformat.format(day, form)) for form in "MF"}:
            return str(number)
    return ""


def _hour(hour: int, half: str) -> str:
    """Return the hour of the day, from one of a 12-hour clock: 12 AM is midnight."""
    halves = {"am": 0, "pm": 12}
    for start in (0, 12):
        halves[_bare(dateformat.time_format(time(start), "A"))] = start
    if _bare(half) not in halves or not 1 <= hour <= 12:
        return ""
    return str(halves[_bare(half)] + hour % 12)


def _bare(word: str) -> str:
    return re.sub(r"[.\s]", "", word).casefold()
