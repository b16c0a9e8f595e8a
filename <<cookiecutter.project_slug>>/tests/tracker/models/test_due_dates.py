from datetime import UTC, date, datetime, timedelta
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
    due_soon,
    end_of,
    overdue,
    today_for,
)

TODAY = date(2026, 3, 9)
DAY = timedelta(days=1)


def living_in(zone: str) -> User:
    user = User()
    user.profile = UserProfile(timezone=zone)
    return user


def test_overdue_begins_the_day_after() -> None:
    assert overdue(TODAY).include(TODAY - DAY)
    assert not overdue(TODAY).include(TODAY)


def test_due_soon_begins_when_the_due_date_is_near() -> None:
    assert due_soon(TODAY).include(TODAY + DUE_SOON)
    assert not due_soon(TODAY).include(TODAY + DUE_SOON + DAY)


def test_due_soon_ends_when_it_is_overdue() -> None:
    assert due_soon(TODAY).include(TODAY)
    assert not due_soon(TODAY).include(TODAY - DAY)


@pytest.mark.parametrize("rule", [overdue, due_soon])
@given(
    hours=st.integers(0, 20 * 365 * 24),
    zone=st.sampled_from(sorted(available_timezones())),
)
def test_anywhere_leaves_out_no_time_zone(rule: Rule, hours: int, zone: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        days, here = anywhere(rule), rule(now.astimezone(ZoneInfo(zone)).date())

    assert days.include(here.first)
    assert days.include(here.last)


def test_today_for_users_on_both_sides_of_midnight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 11, tzinfo=UTC))

    assert today_for(living_in("Pacific/Auckland")) == date(2026, 3, 11)
    assert today_for(living_in("Pacific/Pago_Pago")) == date(2026, 3, 10)


def test_end_of_is_midnight_where_the_user_lives() -> None:
    end = end_of(TODAY, living_in("Asia/Kolkata"))

    assert end == datetime(2026, 3, 9, 18, 30, tzinfo=UTC)


def test_end_of_where_clocks_skip_midnight() -> None:
    """In Cairo, 24 April 2026 begins at 01:00."""
    end = end_of(date(2026, 4, 23), living_in("Africa/Cairo"))

    assert end == datetime(2026, 4, 23, 22, tzinfo=UTC)
