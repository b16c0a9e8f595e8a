"""THEMIS_DEFAULTS: the preferences of visitors and of users until they choose."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import format_lazy

from themis import conf
from themis.formatting import (
    format_date,
    format_date_lazy,
    format_datetime,
    format_number,
)
from themis.http.context_processors import themis
from themis.http.preferences import PreferencesMiddleware
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user, notify_users

pytestmark = pytest.mark.django_db

DEFAULTS = {
    "timezone": "Asia/Kolkata",
    "language": "de",
    "date_format": "d.m.Y",
    "time_format": "g:i A",
    "number_format": "1.234.567,89",
    "first_day_of_week": 7,
    "theme": "dark",
    "notifications_enabled": False,
    "notification_min_level": "warning",
    "browser_notifications": True,
    "notification_retention_days": 30,
    "email_digest": "hourly",
    "email_digest_hour": 7,
    "email_danger_at_once": True,
}


@pytest.fixture(autouse=True)
def defaults(settings):
    settings.THEMIS_DEFAULTS = DEFAULTS


@pytest.fixture
def imported_user():
    """A user without a profile."""
    [user] = get_user_model().objects.bulk_create([get_user_model()(username="eve")])
    return user


def test_every_preference_has_a_default():
    columns = {field.name for field in UserProfile._meta.concrete_fields}

    assert set(DEFAULTS) == set(conf.preferences()) == columns - {"id", "user"}


def preferences(profile):
    return {name: getattr(profile, name) for name in DEFAULTS}


def test_new_user(user):
    assert preferences(UserProfile.objects.get(user=user)) == DEFAULTS


def test_user_without_a_profile(imported_user):
    assert not UserProfile.objects.exists()
    assert preferences(imported_user.profile) == DEFAULTS


def test_explicit_preferences_win(settings, user):
    settings.THEMIS_DEFAULTS = {"theme": "light"}

    assert preferences(UserProfile.objects.get(user=user)) == DEFAULTS


def test_preferences_that_are_not_named_stay(settings):
    settings.THEMIS_DEFAULTS = {"theme": "light"}

    assert UserProfile().date_format == "Y-m-d"
    assert UserProfile().notification_retention_days == 90


def test_formats_without_a_user():
    assert format_date(date(2026, 3, 9)) == "09.03.2026"
    assert format_number(1234.5) == "1.234,5"


def test_formats_and_zone_of_an_anonymous_user():
    moment = datetime(2026, 3, 9, 12, tzinfo=UTC)

    written = format_datetime(moment, user=AnonymousUser())
    assert written == "09.03.2026 5:30 nachm."


def test_zone_of_a_visitor(rf):
    def view(request):
        return HttpResponse(timezone.get_current_timezone_name())

    request = rf.get("/")
    request.user = AnonymousUser()
    assert PreferencesMiddleware(view)(request).content == b"Asia/Kolkata"
    assert timezone.get_current_timezone_name() == "UTC"


def test_theme_of_a_visitor(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert themis(request)["theme"] == "dark"


def test_theme_before_authentication(rf):
    assert themis(rf.get("/"))["theme"] == "dark"


def test_language_of_a_visitor_is_the_browsers(client):
    response = client.get("/accounts/login/", headers={"accept-language": "fr"})

    assert response.headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("defaults", "wanted"),
    [
        ({"notifications_enabled": False}, []),
        ({"notification_min_level": "warning"}, ["warning", "danger"]),
        ({"notification_min_level": "danger"}, ["danger"]),
        ({}, ["info", "warning", "danger"]),
    ],
)
def test_notifications_to_a_user_without_a_profile(
    settings, imported_user, defaults, wanted
):
    settings.THEMIS_DEFAULTS = defaults
    levels = ("info", "warning", "danger")

    sent = [level for level in levels if notify_user(imported_user, "1", level=level)]
    sent_to_many = [
        level for level in levels if notify_users([imported_user], "2", level=level)
    ]
    assert sent == sent_to_many == wanted
    assert UserNotification.objects.count() == 2 * len(wanted)


def test_lazy_text_for_a_user_without_a_profile(settings, imported_user):
    settings.THEMIS_DEFAULTS = {"date_format": "d.m.Y"}
    title = format_lazy("Due {}", format_date_lazy(date(2026, 3, 9)))

    notify_user(imported_user, title)
    notify_users([imported_user], title)
    assert list(UserNotification.objects.values_list("title", flat=True)) == [
        "Due 09.03.2026",
        "Due 09.03.2026",
    ]


def test_retention_of_a_user_without_a_profile(settings, imported_user):
    settings.THEMIS_DEFAULTS = {"notification_retention_days": 30}
    for days in (29, 31):
        notification = notify_user(imported_user, f"{days} days old")
        notification.mark_read()
        created_at = timezone.now() - timedelta(days=days)
        UserNotification.objects.filter(pk=notification.pk).update(
            created_at=created_at
        )

    call_command("cleanup_notifications", stdout=StringIO())
    assert UserNotification.objects.get().title == "29 days old"
