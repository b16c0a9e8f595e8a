"""Dates, times and numbers in the formats that a user has chosen, and back.

    format_date(task.due)             # for the user of the current request
    format_date(task.due, user=user)  # for another: in an e-mail, a background task

Without a user and outside a request, the profile's defaults count. With a `user`, so do
their time zone and language; without one, those that Django has active. In templates,
`{% load themis %}` has a filter for each.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from themis.models import UserProfile

__all__ = [
    "current_profile",
    "format_date",
    "format_date_lazy",
    "format_datetime",
    "format_datetime_lazy",
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

Blank = Literal[""] | None

_profile: ContextVar[UserProfile | None] = ContextVar("themis_profile", default=None)


@contextmanager
def override(profile: UserProfile) -> Iterator[None]:
    """Until the block ends, its formats, time zone and language are the current ones.

    The middleware does this for each request. In a background task or a command:

        with override(UserProfile.of(user)):
            body = render_to_string("report.html", {"report": report})
    """
    token = _profile.set(profile)
    try:
        with timezone.override(profile.zone), translation.override(profile.language):
            yield
    finally:
        _profile.reset(token)


def current_profile() -> UserProfile:
    """The profile whose formats count now; if none, an unsaved one of defaults."""
    return _profile.get() or UserProfile()


def format_date(value: date | Blank, *, user: Any = None) -> str:
    """A date in the user's format. None and "" give "".

    Of an aware datetime, the day that it falls on in the user's time zone.

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with _speaking_to(user):
        if isinstance(value, datetime):
            value = to_local(value)
        elif not isinstance(value, date):
            raise TypeError(f"Pass a date or an aware datetime, not {value!r}.")
        return dateformat.format(value, current_profile().date_format)


def format_time(
    value: time | datetime | Blank, *, seconds: bool = False, user: Any = None
) -> str:
    """A time of day in the user's format. None and "" give "".

    A time is a wall clock's, whatever the zone; an aware datetime is converted to the
    user's zone.

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with _speaking_to(user):
        if isinstance(value, datetime):
            value = to_local(value).time()
        elif not isinstance(value, time):
            raise TypeError(f"Pass a time or an aware datetime, not {value!r}.")
        return dateformat.time_format(value, _time_format(seconds))


def format_datetime(
    value: datetime | Blank, *, seconds: bool = False, user: Any = None
) -> str:
    """An aware datetime in the user's formats and time zone. None and "" give "".

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with _speaking_to(user):
        local = to_local(value)
        return f"{format_date(local)} {format_time(local, seconds=seconds)}"


def format_relative(
    value: date | Blank, *, now: datetime | None = None, user: Any = None
) -> str:
    """How far away it is, in words: "3 minutes ago", "in 2 days", "yesterday".

    In whole units, rounded down: 119 seconds are "1 minute". A datetime must be aware
    and counts in seconds; a date counts in the user's calendar days. None and "" give
    "".

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with _speaking_to(user):
        now = now or timezone.now()
        if isinstance(value, datetime):
            return _seconds_away(int((_aware(value) - now).total_seconds()))
        if not isinstance(value, date):
            raise TypeError(f"Pass a date or an aware datetime, not {value!r}.")
        return _days_away((value - to_local(now).date()).days)


def format_number(
    value: int | float | Decimal | Blank,
    decimals: int | None = None,
    *,
    user: Any = None,
) -> str:
    """A number with the user's separators. None and "" give "".

    Args:
        decimals: digits after the decimal separator; None for as many as it has.
            Halves are rounded away from zero, as browsers (ECMA-402, the default
            "halfExpand" of Intl.NumberFormat) and Django's floatformat do.

    A float counts as the shortest decimal that is equal to it, as Python prints it.
    Zero has no sign. What is not a number, or infinite, is "NaN" or "∞". Beyond 200
    digits it is written with an exponent, as by django.utils.numberformat.

    Raises TypeError for a bool, a str, and anything else that is no number.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"Pass an int, a float or a Decimal, not {value!r}.")
    if isinstance(value, float):
        # Not repr(value), because NumPy's floats are floats, too, and print otherwise.
        number = Decimal(float.__repr__(value).removesuffix(".0"))
    else:
        number = Decimal(value)
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "∞" if number > 0 else "-∞"
    with _speaking_to(user):
        return _Separators.of(current_profile().number_format).write(number, decimals)


# For text that is rendered later, in the reader's language, formats and zone. A wrong
# value raises then, too.
format_date_lazy = lazy(format_date, str)
format_time_lazy = lazy(format_time, str)
format_datetime_lazy = lazy(format_datetime, str)
format_relative_lazy = lazy(format_relative, str)
format_number_lazy = lazy(format_number, str)


def parse_date(text: str, *, user: Any = None) -> date:
    """Reads a date as `format_date()` writes it, or as ISO 8601, such as 2026-12-31.

    Zeros in front, spaces around and the case of month names do not matter; a year has
    four digits. Raises ValidationError, showing an example in the user's format.
    """
    with _speaking_to(user):
        if read := _read(text, [current_profile().date_format, "Y-m-d"]):
            return read.date()
        example = format_date(_EXAMPLE.date())
        raise _unreadable(_("Enter a date, for example: %(example)s"), example)


def parse_time(text: str, *, user: Any = None) -> time:
    """Reads a time as `format_time()` writes it, with seconds or without.

    On a 12-hour clock, AM or PM must be there. Raises ValidationError, showing an
    example in the user's format.
    """
    with _speaking_to(user):
        if read := _read(text, [_time_format(seconds) for seconds in (False, True)]):
            return read.time()
        example = format_time(_EXAMPLE.time())
        raise _unreadable(_("Enter a time, for example: %(example)s"), example)


def parse_datetime(text: str, *, user: Any = None) -> datetime:
    """Reads a date and a time as `format_datetime()` writes them: an aware datetime.

    It is a time of the user's zone: `from_local()` has the rules. The date may be in
    ISO 8601. Raises ValidationError, showing an example in the user's format.
    """
    with _speaking_to(user):
        forms = [
            f"{date_format} {_time_format(seconds)}"
            for date_format in (current_profile().date_format, "Y-m-d")
            for seconds in (False, True)
        ]
        if read := _read(text, forms):
            return from_local(read)
        example = f"{format_date(_EXAMPLE.date())} {format_time(_EXAMPLE.time())}"
        raise _unreadable(
            _("Enter a date and a time, for example: %(example)s"), example
        )


def parse_number(text: str, *, user: Any = None) -> Decimal:
    """Reads a number as `format_number()` writes it.

    Spaces and apostrophes may group digits in every format. Groups must have three
    digits (two before the last three are fine, too, as in India), so that 1,5 never
    becomes 15 for a user who writes 1.5. Raises ValidationError, showing an example in
    the user's format.
    """
    with _speaking_to(user):
        separators = _Separators.of(current_profile().number_format)
        number = separators.read(text)
        if number is None:
            example = separators.write(Decimal("1234567.89"))
            raise _unreadable(_("Enter a number, for example: %(example)s"), example)
        return number


def to_local(value: datetime) -> datetime:
    """An aware datetime in the current time zone.

    Unchanged at the ends of the calendar, where its year there would be 0 or 10000.

    Raises TypeError for anything but a datetime, ValueError for a naive one.
    """
    value = _aware(value)
    try:
        return timezone.localtime(value)
    except OverflowError:
        return value


def from_local(value: datetime) -> datetime:
    """The instant, in UTC, at which clocks in the current time zone show this.

    When the clocks show it twice, the first time counts (RFC 5545, section 3.3.5). When
    they are put forward over it, it never exists: ValidationError names the next time
    that does. ValidationError, too, for a time that UTC counts beyond the calendar.
    """
    zone = timezone.get_current_timezone()
    try:
        # Not in the zone itself: there, an instant that clocks show twice is unequal to
        # the same one in UTC (PEP 495).
        instant = value.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:
        raise ValidationError(
            _("The year %(year)s is out of range."),
            code="overflow",
            params={"year": value.year},
        ) from None
    shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    if shown == value.replace(fold=0):
        return instant
    raise ValidationError(
        _(
            "This time does not exist in the time zone %(zone)s, because the clocks "
            "are put forward: %(value)s. The next one that does: %(next)s"
        ),
        code="nonexistent",
        params={
            "value": f"{format_date(value.date())} {format_time(value.time())}",
            "zone": str(zone),
            "next": format_datetime(_end_of_gap(value, zone)),
        },
    )


_LONGEST = 500  # characters: some of the patterns take quadratic time
_EXAMPLE = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)


def _speaking_to(user: Any) -> AbstractContextManager[None]:
    if user is None:
        return nullcontext()
    return override(UserProfile.of(user) if user.is_authenticated else UserProfile())


def _time_format(seconds: bool) -> str:
    time_format = current_profile().time_format
    return time_format.replace("i", "i:s") if seconds else time_format


def _unreadable(message: str, example: str) -> ValidationError:
    return ValidationError(message, code="invalid", params={"example": example})


def _aware(value: datetime) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"Pass an aware datetime, not {value!r}.")
    if timezone.is_naive(value):
        raise ValueError(
            f"{value!r} has no time zone. Pass an aware datetime, such as "
            "django.utils.timezone.now(), or make it one with "
            "themis.formatting.from_local()."
        )
    return value


def _end_of_gap(value: datetime, zone: tzinfo) -> datetime:
    """The first instant after the gap of the zone's clocks that the value is in."""
    value = value.replace(tzinfo=zone, microsecond=0)
    # In a gap, fold=0 counts by the offset before it and fold=1 by the one after it
    # (PEP 495): the clocks are changed between these two instants.
    earlier, later = (value.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = value.replace(fold=1).utcoffset()

    def is_after(seconds: int) -> bool:
        instant = earlier + timedelta(seconds=seconds)
        return instant.astimezone(zone).utcoffset() == offset

    gap = range(int((later - earlier).total_seconds()))
    return earlier + timedelta(seconds=bisect_left(gap, True, key=is_after))


# Relative times

_DAY = 24 * 60 * 60
_UNITS = (
    (
        365 * _DAY,
        ngettext_lazy("%(count)s year ago", "%(count)s years ago", "count"),
        ngettext_lazy("in %(count)s year", "in %(count)s years", "count"),
    ),
    (
        30 * _DAY,
        ngettext_lazy("%(count)s month ago", "%(count)s months ago", "count"),
        ngettext_lazy("in %(count)s month", "in %(count)s months", "count"),
    ),
    (
        7 * _DAY,
        ngettext_lazy("%(count)s week ago", "%(count)s weeks ago", "count"),
        ngettext_lazy("in %(count)s week", "in %(count)s weeks", "count"),
    ),
    (
        _DAY,
        ngettext_lazy("%(count)s day ago", "%(count)s days ago", "count"),
        ngettext_lazy("in %(count)s day", "in %(count)s days", "count"),
    ),
    (
        60 * 60,
        ngettext_lazy("%(count)s hour ago", "%(count)s hours ago", "count"),
        ngettext_lazy("in %(count)s hour", "in %(count)s hours", "count"),
    ),
    (
        60,
        ngettext_lazy("%(count)s minute ago", "%(count)s minutes ago", "count"),
        ngettext_lazy("in %(count)s minute", "in %(count)s minutes", "count"),
    ),
)


def _seconds_away(seconds: int) -> str:
    for size, ago, ahead in _UNITS:
        if count := abs(seconds) // size:
            return str((ahead if seconds > 0 else ago) % {"count": count})
    return _("in a moment") if seconds > 0 else _("just now")


def _days_away(days: int) -> str:
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get(days) or _seconds_away(days * _DAY)


# Numbers

_DIGITS = 200
_ROUNDING = Context(prec=3 * _DIGITS, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class _Separators:
    decimal: str
    group: str  # empty for no groups
    last_group: int  # how many digits it has
    other_groups: int

    @classmethod
    @cache
    def of(cls, sample: str) -> "_Separators":
        """Those that a sample such as "12,34,567.89" shows."""
        *groups, decimal = (mark for mark in sample if not mark.isdigit())
        if not groups:
            return cls(decimal, group="", last_group=3, other_groups=3)
        sizes = [len(digits) for digits in sample.split(decimal)[0].split(groups[0])]
        return cls(decimal, groups[0], last_group=sizes[-1], other_groups=sizes[-2])

    def write(self, number: Decimal, decimals: int | None = None) -> str:
        if decimals is None:
            decimals = max(0, -int(number.as_tuple().exponent))
        if number and max(number.adjusted(), decimals) > _DIGITS:
            return f"{number:.6E}".replace(".", self.decimal)
        ones = Decimal(1).scaleb(-min(decimals, _DIGITS))
        number = number.quantize(ones, context=_ROUNDING)
        # abs() would round to 28 digits.
        whole, _point, fraction = f"{number.copy_abs():f}".partition(".")
        groups = [whole[-self.last_group :]]
        whole = whole[: -self.last_group]
        while whole:
            groups.append(whole[-self.other_groups :])
            whole = whole[: -self.other_groups]
        written = self.group.join(reversed(groups))
        if fraction:
            written += self.decimal + fraction
        return f"-{written}" if number < 0 else written

    def read(self, text: str) -> Decimal | None:
        group = rf"[ \u00a0\u2009\u202f'’{re.escape(self.group)}]"
        point = re.escape(self.decimal)
        whole = (
            rf"\d{{1,3}}({group}\d{{3}})+|\d{{1,2}}({group}\d{{2}})*{group}\d{{3}}|\d+"
        )
        if len(text) > _LONGEST:
            return None
        match = re.fullmatch(
            rf"(?P<sign>[+-]?)\s*(?P<whole>{whole}|(?={point}\d))"
            rf"({point}(?P<fraction>\d*))?",
            text.strip().replace("\u2212", "-"),
        )
        if match is None:
            return None
        digits = re.sub(r"\D", "", match["whole"]) or "0"
        return Decimal(f"{match['sign']}{digits}.{match['fraction'] or ''}")


# Reading dates and times

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


def _read(text: str, forms: list[str]) -> datetime | None:
    """The naive datetime that the text says in the first of the forms that it has."""
    if len(text) > _LONGEST:
        return None
    for form in forms:
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
    """The hour of the day, from one of a 12-hour clock: 12 AM is midnight."""
    halves = {"am": 0, "pm": 12}
    for start in (0, 12):
        halves[_bare(dateformat.time_format(time(start), "A"))] = start
    if _bare(half) not in halves or not 1 <= hour <= 12:
        return ""
    return str(halves[_bare(half)] + hour % 12)


def _bare(word: str) -> str:
    return re.sub(r"[.\s]", "", word).casefold()
