import re
from datetime import UTC, datetime

import pytest
from django.conf import settings as project
from django.urls import reverse
from django.utils import timezone

from themis.forms.settings import KINDS, SECTIONS, USER_FIELDS
from themis.models import DigestState, Level, UserProfile

PAGE = reverse("themis:settings")
CHOSEN = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "language": "de",
    "timezone": "Asia/Kolkata",
    "date_format": "d.m.Y",
    "time_format": "g:i A",
    "number_format": "12,34,567.89",
    "first_day_of_week": "7",
    "theme": "dark",
    "notifications_enabled": "on",
    "notification_min_level": "warning",
    "browser_notifications": "on",
    "notification_retention_days": "30",
    "email_digest": "daily",
    "email_digest_hour": "7",
    "email_danger_at_once": "on",
}


@pytest.fixture(autouse=True)
def logged_in(client, user):
    client.force_login(user)


def options(response, name):
    """The texts of a select, by value."""
    html = response.content.decode()
    select = html.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', select))


def test_every_preference_can_be_set():
    names = {name for _title, section in SECTIONS for name in section}
    columns = {field.name for field in UserProfile._meta.concrete_fields}

    names -= set(KINDS)
    assert names == (columns | set(USER_FIELDS)) - {"id", "user"}
    assert names == set(CHOSEN)


def test_requires_sign_in(client):
    client.logout()

    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"


def test_is_not_stored(client):
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_other_methods_are_refused(client):
    assert client.delete(PAGE).status_code == 405


def test_saves_everything(client, user):
    response = client.post(PAGE, CHOSEN)
    user.refresh_from_db()
    profile = user.profile

    assert response.headers["Location"] == PAGE
    assert (user.first_name, user.last_name) == ("Ada", "Lovelace")
    assert (profile.language, profile.timezone) == ("de", "Asia/Kolkata")
    assert (profile.date_format, profile.time_format) == ("d.m.Y", "g:i A")
    assert (profile.number_format, profile.theme) == ("12,34,567.89", "dark")
    assert profile.first_day_of_week == 7
    assert profile.notifications_enabled
    assert profile.notification_min_level == Level.WARNING
    assert profile.browser_notifications
    assert profile.notification_retention_days == 30
    assert (profile.email_digest, profile.email_digest_hour) == ("daily", 7)
    assert profile.email_danger_at_once


def test_shows_what_was_saved(client):
    client.post(PAGE, CHOSEN)
    form = client.get(PAGE).context["form"]

    assert {name: str(form[name].value()) for name in CHOSEN} == CHOSEN | {
        "notifications_enabled": "True",
        "browser_notifications": "True",
        "email_danger_at_once": "True",
    }


def test_saving_changes_no_other_user(client, other_user):
    client.post(PAGE, CHOSEN)
    other_user.refresh_from_db()

    assert other_user.first_name == ""
    assert other_user.profile.timezone == project.TIME_ZONE


def test_changes_the_pages_at_once(client):
    html = client.post(PAGE, CHOSEN, follow=True).content.decode()

    assert '<html lang="de" data-theme="dark">' in html


def test_answers_in_the_new_language(client):
    html = client.post(PAGE, CHOSEN, follow=True).content.decode()

    assert "Einstellungen gespeichert." in html


def test_creates_a_missing_profile(client, user):
    user.profile.delete()

    assert client.get(PAGE).status_code == 200
    client.post(PAGE, CHOSEN)
    user.refresh_from_db()
    assert user.profile.timezone == "Asia/Kolkata"


def test_errors_are_shown_without_a_profile(client, user):
    user.profile.delete()
    html = client.post(PAGE, CHOSEN | {"timezone": ""}).content.decode()

    assert "This field is required." in html
    assert 'data-theme="dark"' not in html


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "timezone",
            "Mars/Olympus",
            "Mars/Olympus is not a time zone. Use a name such as Europe/Berlin.",
        ),
        ("timezone", "", "This field is required."),
        (
            "language",
            "xx",
            "Select a valid choice. xx is not one of the available choices.",
        ),
        (
            "date_format",
            "Y",
            "Select a valid choice. Y is not one of the available choices.",
        ),
        (
            "notification_retention_days",
            "0",
            "Ensure this value is greater than or equal to 1.",
        ),
        (
            "notification_retention_days",
            "4000",
            "Ensure this value is less than or equal to 90.",
        ),
        ("notification_retention_days", "many", "Enter a whole number."),
        ("first_name", "\0", "Null characters are not allowed."),
        (
            "last_name",
            "x" * 151,
            "Ensure this value has at most 150 characters (it has 151).",
        ),
    ],
)
def test_errors_are_beside_the_field(client, user, name, value, message):
    response = client.post(PAGE, CHOSEN | {name: value})
    form = response.context["form"]
    user.refresh_from_db()

    assert response.status_code == 200
    assert form.errors == {name: [message]}
    assert f'id="id_{name}_error"' in response.content.decode()
    assert user.first_name == ""
    assert user.profile.theme == "system"


def test_bad_input_loses_nothing(client):
    response = client.post(PAGE, CHOSEN | {"notification_retention_days": "many"})
    form = response.context["form"]

    assert {name: str(form[name].value()) for name in CHOSEN} == CHOSEN | {
        "notification_retention_days": "many",
        "notifications_enabled": "True",
        "browser_notifications": "True",
        "email_danger_at_once": "True",
    }


def test_bad_input_changes_no_page_yet(client):
    html = client.post(PAGE, CHOSEN | {"timezone": ""}).content.decode()

    assert "data-theme" not in html
    assert '<html lang="en"' in html


def test_formats_are_shown_by_a_sample(client):
    response = client.get(PAGE)

    assert options(response, "date_format") == {
        "Y-m-d": "2026-12-31",
        "d.m.Y": "31.12.2026",
        "d/m/Y": "31/12/2026",
        "m/d/Y": "12/31/2026",
        "j M Y": "31 Dec 2026",
        "M j, Y": "Dec 31, 2026",
    }
    assert options(response, "time_format") == {"H:i": "14:30", "g:i A": "2:30 PM"}


def test_preview_is_of_now_in_the_users_zone(client, user, monkeypatch):
    user.profile.timezone = "Asia/Kolkata"
    user.profile.save()
    now = datetime(2026, 3, 9, 20, 5, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert ">2026-03-10 01:35 · 1,234,567.89</output>" in client.get(PAGE).text


def test_languages_have_their_own_names(client):
    assert options(client.get(PAGE), "language") == {
        "en": "English",
        "de": "Deutsch",
        "fr": "Français",
    }


@pytest.mark.parametrize(("month", "offset"), [(1, "+01:00"), (7, "+02:00")])
def test_time_zones_have_their_present_offset(client, monkeypatch, month, offset):
    now = datetime(2026, month, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    zones = options(client.get(PAGE), "timezone")

    assert zones["Europe/Berlin"] == f"Berlin (UTC{offset})"
    assert zones["Asia/Kathmandu"] == "Kathmandu (UTC+05:45)"
    assert zones["America/Argentina/Buenos_Aires"] == (
        "Argentina, Buenos Aires (UTC-03:00)"
    )
    assert zones["UTC"] == "UTC"


def test_time_zones_are_grouped(client):
    assert '<optgroup label="Indian Ocean">' in client.get(PAGE).content.decode()


@pytest.mark.parametrize("zone", ["US/Eastern", "Asia/Atlantis"])
def test_a_time_zone_of_no_continent_stays_chosen(client, user, zone):
    user.profile.timezone = zone
    user.profile.save()

    assert options(client.get(PAGE), "timezone")[zone] == zone


def test_successes_weigh_as_much_as_information(client, user):
    user.profile.notification_min_level = Level.SUCCESS
    user.profile.save()
    response = client.get(PAGE)

    assert response.context["form"]["notification_min_level"].value() == Level.INFO
    assert set(options(response, "notification_min_level")) == {
        "info",
        "warning",
        "danger",
    }


def test_single_language_is_hidden(client, user, settings):
    user.profile.language = "de"  # chosen when there was one
    user.profile.save()
    settings.LANGUAGES = [("en", "English")]

    html = client.get(PAGE).content.decode()
    assert 'name="language"' not in html
    assert "data-preview" in html
    chosen = {name: text for name, text in CHOSEN.items() if name != "language"}
    page = client.post(PAGE, chosen, follow=True).content.decode()
    assert "Settings saved." in page
    assert '<html lang="en"' in page


def test_says_how_long_the_site_keeps_notifications(client, settings):
    settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS = 14

    assert "At most 14 days on this site." in client.get(PAGE).content.decode()


def test_links_to_what_is_set_elsewhere(client):
    html = client.get(PAGE).content.decode()

    for name in ("account_email", "account_change_password", "themis-api-keys:list"):
        assert f'href="{reverse(name)}"' in html


def test_queries(client, django_assert_num_queries):
    client.get(PAGE)
    with django_assert_num_queries(3):  # session, user with profile, bell
        client.get(PAGE)


def test_retention_is_within_the_ceiling_of_the_site(client, user, settings):
    settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS = 10
    user.profile.notification_retention_days = 30
    user.profile.save()
    assert client.get(PAGE).context["form"]["notification_retention_days"].value() == 10

    response = client.post(PAGE, CHOSEN | {"notification_retention_days": "11"})
    assert list(response.context["form"].errors) == ["notification_retention_days"]
    assert (
        client.post(PAGE, CHOSEN | {"notification_retention_days": "10"}).status_code
        == 302
    )


def test_enabling_digests_skips_past_hours(client, user):
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    DigestState.objects.create(user=user, done_at=long_ago, mailed_up_to=7)
    client.post(PAGE, CHOSEN)

    state = DigestState.objects.get(user=user)
    assert state.done_at > long_ago
    assert state.mailed_up_to == 7


@pytest.mark.parametrize(
    ("email", "text"),
    [("ada@example.com", "Sent to ada@example.com."), ("", "No emails are sent")],
)
def test_says_where_emails_go(client, user, email, text):
    user.email = email
    user.save()

    assert text in client.get(PAGE).text


def test_errors_come_first(client):
    wrong = {"notification_retention_days": "many", "first_name": "\0"}
    html = client.post(PAGE, CHOSEN | wrong).text
    summary = html[html.index('role="alert"') :].partition("</ul>")[0]

    assert "<title>Error: Settings" in html
    assert re.findall('href="#(.*?)">(.*?)<', summary) == [
        ("id_first_name", "First name: Null characters are not allowed."),
        (
            "id_notification_retention_days",
            "Days until read notifications are deleted: Enter a whole number.",
        ),
    ]
    assert 'role="alert"' not in client.get(PAGE).text


def sent_tests(user):
    return list(user.notifications.values_list("title", "level", "source_model"))


def said(client):
    response = client.post(reverse("themis:notification-test"), follow=True)
    return [str(message) for message in response.context["messages"]]


def test_test_notification_is_sent_once_at_a_time(client, user):
    expected = [("Test notification", "info", "Test")]

    assert said(client) == ["Sent. It is in your bell."]
    assert sent_tests(user) == expected
    first = user.notifications.get()
    first.mark_read()
    assert said(client) == ["Sent. It is in your bell."]
    assert sent_tests(user) == expected
    assert user.notifications.get().pk > first.pk  # new to the bell


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        ({"notifications_enabled": False}, "notifications are off"),
        ({"notification_min_level": "warning"}, "hide informational"),
    ],
)
def test_test_notification_respects_preferences(client, user, preferences, reason):
    UserProfile.objects.filter(user=user).update(**preferences)
    [text] = said(client)

    assert text.startswith("Not sent: ")
    assert reason in text
    assert sent_tests(user) == []


def test_test_notification_is_no_part_of_the_settings_form(client):
    html = client.get(PAGE).text
    form = html[html.index("data-unsaved") :].partition("</form>")
    [button] = re.findall(r"<button[^>]*>Send me a test notification", form[0])

    assert 'form="test-notification"' in button
    assert '<form id="test-notification" method="post"' in form[2]
