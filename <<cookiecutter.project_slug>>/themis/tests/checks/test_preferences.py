import pytest
from django.core.checks import run_checks


def messages():
    return [message.msg for message in run_checks(tags=["themis"])]


def test_every_preference_passes(settings):
    settings.THEMIS_DATE_FORMATS = ["Y-m-d", "d-m-Y"]
    settings.THEMIS_DEFAULTS = {
        "timezone": "Asia/Kolkata",
        "language": "de",
        "date_format": "d-m-Y",
        "time_format": "g:i A",
        "number_format": "1.234.567,89",
        "first_day_of_week": 7,
        "theme": "dark",
        "notifications_enabled": False,
        "notification_min_level": "warning",
        "browser_notifications": True,
        "notification_retention_days": 30,
    }

    assert messages() == []


def test_unknown_preference(settings):
    settings.THEMIS_DEFAULTS = {"color": "red"}

    [error] = run_checks(tags=["themis"])
    assert error.id == "themis.E007"
    assert error.msg == (
        "THEMIS_DEFAULTS has 'color': there is no such preference. Use one of "
        "timezone, language, date_format, time_format, number_format, "
        "first_day_of_week, theme, notifications_enabled, notification_min_level, "
        "browser_notifications, notification_retention_days, email_digest, "
        "email_digest_hour, email_danger_at_once."
    )
    assert error.hint == (
        'Set THEMIS_DEFAULTS to a dictionary such as {"date_format": "d.m.Y"}.'
    )


@pytest.mark.parametrize("name", ["user", "id"])
def test_column_that_is_no_preference(settings, name):
    settings.THEMIS_DEFAULTS = {name: 1}

    assert len(messages()) == 1


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            "timezone",
            "Mars/Olympus",
            "Mars/Olympus is not a time zone. Use a name such as Europe/Berlin.",
        ),
        ("language", "es", "Value 'es' is not a valid choice."),
        ("date_format", "d-m-Y", "Value 'd-m-Y' is not a valid choice."),
        ("first_day_of_week", 2, "Value 2 is not a valid choice."),
        ("first_day_of_week", "7", "'7' should be 7."),
        ("theme", None, "This field cannot be null."),
        ("notifications_enabled", "yes", "“yes” value must be either True or False."),
        (
            "notification_retention_days",
            0,
            "Ensure this value is greater than or equal to 1.",
        ),
        ("notification_retention_days", "30", "'30' should be 30."),
    ],
)
def test_value_that_the_field_refuses(settings, name, value, problem):
    settings.THEMIS_DEFAULTS = {name: value}

    assert messages() == [f"THEMIS_DEFAULTS has {name!r}: {problem}"]


def test_not_a_dictionary(settings):
    settings.THEMIS_DEFAULTS = ["d.m.Y"]

    assert messages() == ["THEMIS_DEFAULTS is ['d.m.Y'], not a dictionary."]
