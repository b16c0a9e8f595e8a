"""Parse dates and times that are written in Django's format characters."""

import re
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import dateformat

__all__ = ["PARTS", "Token", "names", "read", "tokens", "with_seconds"]

# The characters that can be parsed, by what they stand for.
PARTS = {
    "day": "dj",
    "month": "mnMNFE",
    "year": "Y",
    "weekday": "Dl",
    "hour": "HG",
    "hour of 12": "hg",
    "minute": "i",
    "half of the day": "Aa",
}
_PATTERNS = {
    **dict.fromkeys("dj", r"(?P<day>\d{1,2})"),
    **dict.fromkeys("mn", r"(?P<month>\d{1,2})"),
    **dict.fromkeys("MNFE", r"(?P<month_name>.+?)"),
    "Y": r"(?P<year>\d{4})",
    **dict.fromkeys("HG", r"(?P<hour>\d{1,2})"),
    **dict.fromkeys("hg", r"(?P<hour_of_12>\d{1,2})"),
    "i": r"(?P<minute>\d{2})",
    "s": r"(?P<second>\d{2})",
    **dict.fromkeys("Aa", r"\s*(?P<half>\D+)"),
}
_MONTHS = [date(2000, month, 1) for month in range(1, 13)]
_WEEKDAYS = [date(2023, 1, day) for day in range(1, 8)]  # from Sunday
_HALVES = [time(0), time(12)]
_NAMED: dict[str, list[date] | list[time]] = {
    **dict.fromkeys("MNFE", _MONTHS),
    **dict.fromkeys("Dl", _WEEKDAYS),
    **dict.fromkeys("Aa", _HALVES),
}


class Token(NamedTuple):
    """A format character, or text that stands for itself."""

    text: str
    is_literal: bool


def tokens(form: str) -> list[Token]:
    """Return the parts of a format. A backslash escapes a letter."""
    found: list[Token] = []
    for escaped, character in re.findall(r"\\(.)|(.)", form, re.DOTALL):
        is_literal = not (character.isascii() and character.isalpha())
        text = escaped or character
        if found and is_literal and found[-1].is_literal:
            text = found.pop().text + text
        found.append(Token(text, is_literal))
    return found


def with_seconds(form: str) -> str:
    """Return a time format with seconds added after the minutes."""
    separator = "." if ".i" in form else ":"
    return re.sub(r"(?<!\\)i", f"i{separator}s", form)


def names(form: str) -> dict[str, list[str]]:
    """Return the words that a format takes from the current language, by character.

    Months begin with January, weekdays with Sunday, and halves of the day with AM.
    """
    return {
        token.text: [_write(value, token.text) for value in _NAMED[token.text]]
        for token in tokens(form)
        if not token.is_literal and token.text in _NAMED
    }


def read(text: str, formats: list[str]) -> datetime | None:
    """Parse the text by the first format that matches. Return a naive datetime.

    Return None if no format matches, or if a name is ambiguous. Names are those of the
    current language; weekdays may be wrong or missing. Parts that the format lacks
    default to midnight on January 1 in the year 1.
    """
    for form in formats:
        if match := re.fullmatch(_pattern(form), text.strip(), re.IGNORECASE):
            return _assemble(match.groupdict())
    return None


def _write(value: date | time, form: str) -> str:
    if isinstance(value, time):
        return dateformat.time_format(value, form)
    return dateformat.format(value, form)


def _pattern(form: str) -> str:
    edge = Token("", is_literal=True)
    # A space between the clock and AM may be left out.
    parts = [edge, *tokens(re.sub(r"(?<=[is]) (?=[Aa])", "", form)), edge]
    patterns = [
        _literal(text) if is_literal else _PATTERNS.get(text, text)
        for text, is_literal in parts
    ]
    for place, (text, is_literal) in enumerate(parts):
        if text in PARTS["weekday"] and not is_literal:
            before, after = patterns[place - 1], patterns[place + 1]
            around = f"{before}{_any_weekday()}{after}|{before}|{after}"
            patterns[place - 1 : place + 2] = "", f"(?:{around})", ""
    return "".join(patterns)


def _literal(text: str) -> str:
    return "".join(r"\s+" if c.isspace() else re.escape(c) for c in text)


def _any_weekday() -> str:
    words = {_write(day, form) for day in _WEEKDAYS for form in PARTS["weekday"]}
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return rf"(?:{'|'.join(longest_first)})\.?"


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
    except ValueError:  # such as February 30, or a word that is not a month
        return None


def _month(name: str) -> str:
    """Return the number of the month, if only one has this name."""
    months = [
        month.month
        for month in _MONTHS
        if _bare(name) in _bare(_write(month, "M|N|F|E")).split("|")
    ]
    return str(months[0]) if len(months) == 1 else ""


def _hour(hour: int, half: str) -> str:
    """Convert an hour of the 12-hour clock to 24 hours: 12 AM is midnight."""
    starts = [
        start.hour
        for start, english in zip(_HALVES, ("am", "pm"), strict=True)
        if _bare(half) in (english, *_bare(_write(start, "A|a")).split("|"))
    ]
    if len(starts) != 1 or not 1 <= hour <= 12:
        return ""
    return str(starts[0] + hour % 12)


def _bare(word: str) -> str:
    return re.sub(r"[.\s]", "", word).casefold()
