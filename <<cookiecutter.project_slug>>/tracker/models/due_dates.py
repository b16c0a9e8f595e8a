"""Rules for what is overdue, and what is due soon.

A due date is a day, with or without a time, in the reader's time zone. So each rule
takes the local time, and returns the span of times that it applies to. A QuerySet and
a single task follow the same rule.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

# How long before its due date a task counts as due soon.
DUE_SOON = timedelta(days=1)

# Local times around the world: between UTC-12 and UTC+14.
FURTHEST_BEHIND, FURTHEST_AHEAD = timedelta(hours=12), timedelta(hours=14)


class Span(NamedTuple):
    """The local times after the first, up to and including the last."""

    first: datetime
    last: datetime

    def include(self, moment: datetime) -> bool:
        return self.first < moment <= self.last


Rule = Callable[[datetime], Span]


def overdue(now: datetime) -> Span:
    """Return all times up to now."""
    return Span(datetime.combine(date.min, time.min), now)


def due_soon(now: datetime) -> Span:
    """Return the rest of today and the following days within DUE_SOON."""
    return Span(now, datetime.combine(now + DUE_SOON, time.max))


def anywhere(rule: Rule) -> Span:
    """Return the times to which the rule applies in at least one time zone."""
    now = clock(UTC)
    return Span(rule(now - FURTHEST_BEHIND).first, rule(now + FURTHEST_AHEAD).last)


def clock(zone: tzinfo | None = None) -> datetime:
    """Return the local time in the time zone; by default in the reader's."""
    return timezone.localtime(timezone=zone).replace(tzinfo=None)


def deadline(day: date, at: time | None, user: "User") -> datetime:
    """Return that time in the user's time zone; without one, midnight after the day."""
    zone = user.profile.zone
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    local = midnight if at is None else datetime.combine(day, at, zone)
    # Where clocks skip midnight, only times in UTC compare correctly.
    return local.astimezone(UTC)
