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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("THEMIS_API_REQUESTS_PER_MINUTE", "themis.E003"),
        ("THEMIS_API_FAILURES_PER_MINUTE", "themis.E004"),
    ],
)
def test_bad_rate_limit(settings, name, expected):
    setattr(settings, name, "many")

    assert ids() == [expected]


@pytest.mark.parametrize("path", ["themis.nothing.check", "themis.health.nothing"])
def test_missing_health_check(settings, path):
    settings.THEMIS_HEALTH_CHECKS = {"storage": path}

    [error] = run_checks(tags=["themis"])
    assert error.id == "themis.E005"
    assert error.msg.startswith("The health check 'storage' cannot be imported: ")


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", ["themis.W001"]),
        ("django.core.cache.backends.dummy.DummyCache", ["themis.W001"]),
        ("django.core.cache.backends.redis.RedisCache", []),
    ],
)
def test_rate_limits_need_a_shared_cache(settings, backend, expected):
    settings.CACHES = {"default": {"BACKEND": backend}}

    messages = run_checks(tags=["themis"], include_deployment_checks=True)
    assert [message.id for message in messages] == expected


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("THEMIS_SITE_URL", "app.example.com", "themis.E009"),
        ("THEMIS_SITE_URL", "ftp://app.example.com", "themis.E009"),
        ("THEMIS_EMAIL_ADDRESS", "themis.nowhere.address", "themis.E010"),
    ],
)
def test_emails_have_links_and_addresses(settings, name, value, id):
    setattr(settings, name, value)

    [error] = run_checks(tags=["themis"])
    assert error.id == id
    assert name in error.msg
