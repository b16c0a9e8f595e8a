"""Relative dates and times in words."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from themis.formatting.blank import Blank
from themis.formatting.current import speaking_to
from themis.formatting.zones import aware, to_local

if TYPE_CHECKING:
    from themis.formatting.current import Reader

__all__ = ["format_relative", "format_relative_lazy"]


def format_relative(
    value: date | Blank, *, now: datetime | None = None, user: "Reader | None" = None
) -> str:
    """Return how far away it is, in words: "3 minutes ago", "in 2 days", "yesterday".

    Units are rounded down: 119 seconds are "1 minute". A datetime must be aware and
    is compared in seconds; a date is compared in the user's calendar days. None and ""
    give "".

    Raises TypeError for anything else, ValueError for a naive datetime.
    """
    if value is None or value == "":
        return ""
    with speaking_to(user):
        now = now or timezone.now()
        if isinstance(value, datetime):
            return _seconds_away(int((aware(value) - now).total_seconds()))
        if not isinstance(value, date):
            raise TypeError(f"Pass a date or an aware datetime, not {value!r}.")
        return _days_away((value - to_local(now).date()).days)


format_relative_lazy = lazy(format_relative, str)

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
