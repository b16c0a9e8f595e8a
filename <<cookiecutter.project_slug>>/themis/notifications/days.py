"""The rows of the list, grouped by the day on which they arrived."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from themis.formatting import format_date, to_local
from themis.models import UserNotification
from themis.notifications.kinds import Kind, find_kind


class Day(NamedTuple):
    """A day in the reader's time zone: its name, and each row with its mutable kind."""

    name: str
    rows: list[tuple[UserNotification, Kind | None]]


def by_day(notifications: Iterable[UserNotification]) -> list[Day]:
    """Group notifications by day, in their order."""
    today = timezone.localdate()
    days = groupby(notifications, lambda row: to_local(row.created_at).date())
    return [
        Day(_name(day, today), [(row, _mutable_kind(row)) for row in rows])
        for day, rows in days
    ]


def _name(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return format_date(day)


def _mutable_kind(notification: UserNotification) -> Kind | None:
    kind = find_kind(notification.source_app, notification.source_model)
    return None if kind is None or kind.mandatory else kind
