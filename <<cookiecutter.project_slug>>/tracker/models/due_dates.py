"""Which due dates are overdue, and which are due soon.

A due date is a day, with or without a time, and both are those of where people live. So
each rule asks what the clock shows there, and returns the times that it applies to. A
QuerySet and a single task follow the same rule.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

# How long before its due date a task is due soon.
DUE_SOON = timedelta(days=1)

# What the clocks of the world show: between UTC-12 and UTC+14.
FURTHEST_BEHIND, FURTHEST_AHEAD = timedelta(hours=12), timedelta(hours=14)


class Span(NamedTuple):
    """What clocks show after the first time, until the last."""

    first: datetime
    last: datetime

    def include(self, moment: datetime) -> bool:
        return self.first < moment <= self.last


Rule = Callable[[datetime], Span]


def overdue(now: datetime) -> Span:
    """Return all times until now."""
    return Span(datetime.combine(date.min, time.min), now)


def due_soon(now: datetime) -> Span:
    """Return what is left of today, and the days that are near."""
    return Span(now, datetime.combine(now + DUE_SOON, time.max))


def anywhere(rule: Rule) -> Span:
    """Return the times that the rule applies to in at least one time zone."""
    now = clock(UTC)
    return Span(rule(now - FURTHEST_BEHIND).first, rule(now + FURTHEST_AHEAD).last)


def clock(zone: tzinfo | None = None) -> datetime:
    """Return what clocks show in the time zone, or in the active one: the reader's."""
    return timezone.localtime(timezone=zone).replace(tzinfo=None)


def deadline(day: date, at: time | None, user: "User") -> datetime:
    """Return that time where the user lives, or else the midnight after the day."""
    zone = user.profile.zone
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    local = midnight if at is None else datetime.combine(day, at, zone)
    # Where the clocks skip midnight, only UTC compares as expected.
    return local.astimezone(UTC)
