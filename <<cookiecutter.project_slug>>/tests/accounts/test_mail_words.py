"""Account emails: times with their zone, browsers by name, links as buttons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from pytest_django import Settings

from accounts.devices import device
from accounts.mail import button, in_words
from themis import formatting

URL = "https://example.com/reset/"


@pytest.fixture
def reader(user: AbstractUser) -> AbstractUser:
    user.profile.timezone = "Asia/Kolkata"
    return user


@pytest.mark.django_db
def test_email_says_when_the_link_expires(
    reader: AbstractUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 9, 20, tzinfo=UTC))
    settings.PASSWORD_RESET_TIMEOUT = timedelta(hours=1).total_seconds()
    words = in_words({"user": reader, "password_reset_url": URL})

    with formatting.override(reader.profile):
        moment = formatting.format_datetime(datetime(2026, 3, 9, 21, tzinfo=UTC))
    assert words["valid_until"] == f"{moment} (Asia/Kolkata)"


def test_times_name_their_zone_and_browsers_their_name() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    words = in_words({"timestamp": timezone.now(), "user_agent": agent})

    assert "(" in str(words["timestamp"])
    assert words["user_agent"] == device(agent)


@pytest.mark.parametrize("name", ["password_reset_url", "activate_url"])
def test_link_is_a_button(name: str) -> None:
    url, label = button({name: URL})

    assert url == URL
    assert label


def test_email_without_a_link_has_no_button() -> None:
    assert button({"ip": "192.0.2.1"}) == ("", "")
