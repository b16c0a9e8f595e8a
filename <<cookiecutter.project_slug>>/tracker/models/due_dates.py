"""Which due dates are overdue, and which are due soon.

A due date is a day, and a day begins and ends where people live. So each rule asks
which day it is, and returns the due dates that it applies to. A QuerySet and a single
task follow the same rule.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

# How long before its due date a task is due soon.
DUE_SOON = timedelta(days=1)

# What the clocks of the world show: between UTC-12 and UTC+14.
FURTHEST_BEHIND, FURTHEST_AHEAD = timedelta(hours=12), timedelta(hours=14)


class Days(NamedTuple):
    """The days from the first to the last, both included."""

    first: date
    last: date

    def include(self, day: date) -> bool:
        return self.first <= day <= self.last


Rule = Callable[[date], Days]


def overdue(today: date) -> Days:
    """Return the days before today."""
    return Days(date.min, today - timedelta(days=1))


def due_soon(today: date) -> Days:
    """Return today and the days that are near."""
    return Days(today, today + DUE_SOON)


def anywhere(rule: Rule) -> Days:
    """Return the days that the rule applies to in at least one time zone."""
    earliest, latest = timezone.now() - FURTHEST_BEHIND, timezone.now() + FURTHEST_AHEAD
    return Days(rule(earliest.date()).first, rule(latest.date()).last)


def today_for(user: "User") -> date:
    """Return which day it is where the user lives."""
    return timezone.localdate(timezone=user.profile.zone)


def end_of(day: date, user: "User") -> datetime:
    """Return the midnight that ends the day where the user lives."""
    zone = user.profile.zone
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    # Where the clocks skip midnight, only UTC compares as expected.
    return midnight.astimezone(UTC)
