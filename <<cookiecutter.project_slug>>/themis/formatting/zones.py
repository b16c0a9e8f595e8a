"""Conversions between instants and local times in the user's time zone."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from themis.formatting.patterns import datetime_pattern

__all__ = ["aware", "from_local", "to_local"]


def to_local(value: datetime) -> datetime:
    """Return an aware datetime in the current time zone.

    Unchanged at the ends of the calendar, where its local year would be 0 or 10000.

    Raises TypeError for anything but a datetime, ValueError for a naive one.
    """
    value = aware(value)
    try:
        return timezone.localtime(value)
    except OverflowError:
        return value


def from_local(value: datetime) -> datetime:
    """Return a local time of the current time zone as an instant in UTC.

    If the time occurs twice, the first one counts (RFC 5545, section 3.3.5). If the
    clocks go forward over it, it does not exist, and ValidationError names the next
    valid time. Also raises ValidationError for times that are out of range in UTC.
    """
    zone = timezone.get_current_timezone()
    try:
        # Not in the zone itself: there, an ambiguous time is unequal to the same
        # instant in UTC (PEP 495).
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
    following = to_local(_end_of_gap(value, zone))
    raise ValidationError(
        _(
            "%(value)s does not exist in the time zone %(zone)s, because the clocks go "
            "forward then. The next valid time is %(next)s."
        ),
        code="nonexistent",
        params={
            "value": dateformat.format(value, datetime_pattern()),
            "zone": str(zone),
            "next": dateformat.format(following, datetime_pattern()),
        },
    )


def aware(value: datetime) -> datetime:
    """Return the value if it is an aware datetime.

    Raises TypeError for anything but a datetime, ValueError for a naive one.
    """
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
    """Return the first instant after the gap that contains the value."""
    value = value.replace(tzinfo=zone, microsecond=0)
    # In a gap, fold=0 uses the offset before it and fold=1 the one after it (PEP 495):
    # the clocks change between these two instants.
    earlier, later = (value.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = value.replace(fold=1).utcoffset()

    def is_after(seconds: int) -> bool:
        instant = earlier + timedelta(seconds=seconds)
        return instant.astimezone(zone).utcoffset() == offset

    gap = range(int((later - earlier).total_seconds()))
    return earlier + timedelta(seconds=bisect_left(gap, True, key=is_after))
