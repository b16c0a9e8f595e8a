import pytest
from django.core.checks import run_checks

from themis import conf


def ids():
    return [message.id for message in run_checks(tags=["themis"])]


def test_defaults_pass():
    assert ids() == []


@pytest.mark.parametrize("value", [-1, "60", 1.5, None, True])
def test_bad_poll_interval(settings, value):
    settings.THEMIS_NOTIFICATION_POLL_INTERVAL = value

    assert ids() == ["themis.E001"]


def test_bad_max_age_names_the_fix(settings):
    settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS = "ninety"

    [error] = run_checks(tags=["themis"])
    assert error.id == "themis.E002"
    assert error.msg == (
        "THEMIS_NOTIFICATION_MAX_AGE_DAYS is 'ninety', "
        "not a whole number of at least 0."
    )
    assert error.hint == "Set THEMIS_NOTIFICATION_MAX_AGE_DAYS to a number, such as 90."


def test_settings_are_read_late(settings):
    settings.THEMIS_NOTIFICATION_POLL_INTERVAL = 5
    assert conf.poll_interval() == 5


def test_settings_have_defaults(settings):
    del settings.THEMIS_NOTIFICATION_POLL_INTERVAL
    del settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS

    assert (conf.poll_interval(), conf.max_age_days()) == (60, 90)
