from datetime import UTC, datetime

import pytest

from themis.digests.schedule import last_due
from themis.models import UserProfile


def due(now, **preferences):
    profile = UserProfile(**preferences)
    moment = last_due(profile, datetime.fromisoformat(now).replace(tzinfo=UTC))
    return moment and moment.strftime("%m-%d %H:%M")


def test_never():
    assert due("2026-03-09 08:00", email_digest="never") is None


def test_hourly():
    assert due("2026-03-09 08:59:59", email_digest="hourly") == "03-09 08:00"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-09 01:29", "03-08 01:30"),  # 06:59 in Kolkata
        ("2026-03-09 01:30", "03-09 01:30"),
        ("2026-03-09 20:00", "03-09 01:30"),  # the next day there
    ],
)
def test_daily_at_the_hour_of_the_users_zone(now, expected):
    daily = {"email_digest": "daily", "email_digest_hour": 7}

    assert due(now, timezone="Asia/Kolkata", **daily) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-29 00:59", "03-28 01:00"),
        ("2026-03-29 01:00", "03-29 01:00"),  # 3:00 follows 1:59
        ("2026-10-25 00:00", "10-25 00:00"),  # 2:00 for the first time
        ("2026-10-25 01:10", "10-25 00:00"),  # 2:10 for the second time
    ],
)
def test_daily_at_a_skipped_or_repeated_hour(now, expected):
    daily = {"email_digest": "daily", "email_digest_hour": 2}

    assert due(now, timezone="Europe/Berlin", **daily) == expected
