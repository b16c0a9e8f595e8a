from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from themis.models import UserProfile
from tracker.models.due_dates import (
    DUE_SOON,
    Rule,
    anywhere,
    clock,
    deadline,
    due_soon,
    overdue,
)

TODAY = date(2026, 3, 9)
NOW = datetime.combine(TODAY, time(12))
MINUTE = timedelta(minutes=1)


def living_in(zone: str) -> User:
    user = User()
    user.profile = UserProfile(timezone=zone)
    return user


def test_overdue_begins_on_time() -> None:
    assert overdue(NOW).include(NOW)
    assert not overdue(NOW).include(NOW + MINUTE)


def test_due_soon_begins_when_the_due_date_is_near() -> None:
    end = datetime.combine(TODAY + DUE_SOON, time.max)
    assert due_soon(NOW).include(end)
    assert not due_soon(NOW).include(end + MINUTE)


def test_due_soon_ends_when_it_is_overdue() -> None:
    assert due_soon(NOW).include(NOW + MINUTE)
    assert not due_soon(NOW).include(NOW)


@pytest.mark.parametrize("rule", [overdue, due_soon])
@given(
    hours=st.integers(0, 20 * 365 * 24),
    zone=st.sampled_from(sorted(available_timezones())),
)
def test_anywhere_leaves_out_no_time_zone(rule: Rule, hours: int, zone: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        everywhere, here = anywhere(rule), rule(clock(ZoneInfo(zone)))

    assert everywhere.first <= here.first < here.last <= everywhere.last


def test_clock_set_around_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 11, tzinfo=UTC))

    assert clock(ZoneInfo("Pacific/Auckland")).date() == date(2026, 3, 11)
    assert clock(ZoneInfo("Pacific/Pago_Pago")).date() == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, datetime(2026, 3, 9, 18, 30, tzinfo=UTC)),
        (time(0), datetime(2026, 3, 8, 18, 30, tzinfo=UTC)),
        (time(17), datetime(2026, 3, 9, 11, 30, tzinfo=UTC)),
    ],
)
def test_deadline_is_in_the_users_time_zone(
    at: time | None, expected: datetime
) -> None:
    assert deadline(TODAY, at, living_in("Asia/Kolkata")) == expected


def test_deadline_at_a_skipped_midnight() -> None:
    """In Cairo, 24 April 2026 begins at 01:00."""
    end = deadline(date(2026, 4, 23), None, living_in("Africa/Cairo"))

    assert end == datetime(2026, 4, 23, 22, tzinfo=UTC)
