import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.conf import global_settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.text import format_lazy
from hypothesis import assume, example, given
from hypothesis import strategies as st

from themis import conf
from themis.formatting import (
    currency_decimals,
    current_profile,
    format_date,
    format_date_lazy,
    format_datetime,
    format_datetime_lazy,
    format_money,
    format_money_lazy,
    format_number,
    format_number_lazy,
    format_relative,
    format_relative_lazy,
    format_time,
    format_time_lazy,
    from_local,
    override,
    parse_date,
    parse_datetime,
    parse_number,
    parse_time,
    to_local,
)
from themis.models import UserProfile

NOW = datetime(2026, 3, 9, 13, 5, tzinfo=UTC)
BERLIN = {"timezone": "Europe/Berlin", "language": "en"}

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
]
any_preferences = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(ZONES),
        "language": st.sampled_from(["en", "de", "fr", "ar", "ja", "pt-br"]),
        "date_format": st.sampled_from(conf.date_formats()),
        "time_format": st.sampled_from(conf.time_formats()),
        "number_format": st.sampled_from(conf.number_formats()),
    }
)


def like(**preferences):
    return override(UserProfile(**BERLIN | preferences))


@pytest.fixture(autouse=True)
def every_language(settings):
    settings.LANGUAGES = global_settings.LANGUAGES


# Dates and times


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        ("Y-m-d", "2026-03-09"),
        ("d.m.Y", "09.03.2026"),
        ("d/m/Y", "09/03/2026"),
        ("m/d/Y", "03/09/2026"),
        ("j M Y", "9 Mar 2026"),
        ("M j, Y", "Mar 9, 2026"),
    ],
)
def test_format_date(date_format, written):
    with like(date_format=date_format):
        assert format_date(date(2026, 3, 9)) == written


def test_format_date_of_an_instant_is_the_day_in_the_users_zone():
    with like(timezone="Pacific/Auckland"):
        assert format_date(NOW) == "2026-03-10"


def test_format_date_names_months_in_the_users_language():
    with like(date_format="j M Y", language="de"):
        assert format_date(date(2026, 3, 9)) == "9 Mär 2026"


@pytest.mark.parametrize(
    ("clock", "written"),
    [
        (time(0, 0), "12:00 AM"),
        (time(0, 30), "12:30 AM"),
        (time(11, 59), "11:59 AM"),
        (time(12, 0), "12:00 PM"),
        (time(23, 59), "11:59 PM"),
    ],
)
def test_format_time_on_a_12_hour_clock(clock, written):
    with like(time_format="g:i A"):
        assert format_time(clock) == written


def test_format_time_with_seconds():
    with like(time_format="g:i A"):
        assert format_time(time(14, 5, 7), seconds=True) == "2:05:07 PM"


def test_format_time_of_an_instant_is_in_the_users_zone():
    with like(timezone="Asia/Kolkata"):
        assert format_time(NOW) == "18:35"


def test_format_datetime():
    with like(date_format="d.m.Y"):
        assert format_datetime(NOW) == "09.03.2026 14:05"


def test_format_datetime_with_seconds():
    with like():
        assert format_datetime(NOW, seconds=True) == "2026-03-09 14:05:00"


def test_format_datetime_at_the_end_of_the_calendar():
    with like(timezone="Asia/Tokyo"):
        assert format_datetime(datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59"


def test_format_datetime_at_the_beginning_of_the_calendar():
    with like(timezone="America/New_York"):
        assert format_datetime(datetime.min.replace(tzinfo=UTC)) == "0001-01-01 00:00"


@pytest.mark.parametrize(
    "write", [format_date, format_time, format_datetime, format_relative, format_number]
)
@pytest.mark.parametrize("blank", [None, ""])
def test_blank_is_empty(write, blank):
    assert write(blank) == ""


@pytest.mark.parametrize(
    "write", [format_date, format_time, format_datetime, format_relative, to_local]
)
def test_naive_datetime_raises(write):
    naive = NOW.replace(tzinfo=None)
    message = re.escape(
        f"{naive!r} has no time zone. Pass an aware datetime, such as "
        "django.utils.timezone.now(), or make it one with "
        "themis.formatting.from_local()."
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        write(naive)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (format_date, "a date or an aware datetime"),
        (format_time, "a time or an aware datetime"),
        (format_datetime, "an aware datetime"),
        (format_relative, "a date or an aware datetime"),
        (to_local, "an aware datetime"),
    ],
)
def test_other_than_a_date_raises(write, expected):
    with pytest.raises(TypeError, match=f"^Pass {expected}, not '2026-03-09'.$"):
        write("2026-03-09")


# For which user


def test_without_a_profile_uses_defaults():
    assert format_date(date(2026, 3, 9)) == "2026-03-09"


def test_for_a_user(user):
    user.profile.date_format = "j M Y"
    user.profile.time_format = "g:i A"
    user.profile.timezone = "Asia/Kolkata"
    user.profile.language = "de"

    assert format_datetime(NOW, user=user) == "9 Mär 2026 6:35 nachm."


def test_for_a_user_leaves_the_current_preferences(user):
    user.profile.timezone = "Asia/Kolkata"
    with like(language="fr"):
        format_datetime(NOW, user=user)

        assert timezone.get_current_timezone_name() == "Europe/Berlin"
        assert translation.get_language() == "fr"


def test_for_a_user_without_a_profile(django_user_model):
    user = django_user_model(username="bulk")

    assert format_date(date(2026, 3, 9), user=user) == "2026-03-09"


def test_for_an_anonymous_user():
    with like(date_format="d.m.Y"):
        assert format_date(date(2026, 3, 9), user=AnonymousUser()) == "2026-03-09"


def test_in_a_background_task(user):
    user.profile.number_format = "1.234.567,89"
    user.profile.save()

    assert format_number(1234.5, user=type(user).objects.get(pk=user.pk)) == "1.234,5"


@pytest.mark.parametrize(
    ("lazy", "write", "value"),
    [
        (format_date_lazy, format_date, date(2026, 12, 31)),
        (format_time_lazy, format_time, time(14, 30)),
        (format_datetime_lazy, format_datetime, NOW),
        (format_relative_lazy, format_relative, date(2000, 1, 1)),
        (format_number_lazy, format_number, Decimal("1234.5")),
        (
            partial(format_money_lazy, currency="EUR"),
            partial(format_money, currency="EUR"),
            Decimal("1234.5"),
        ),
    ],
)
def test_lazy_text_is_formatted_for_its_reader(lazy, write, value):
    text = format_lazy("{value}", value=lazy(value))
    preferences = {
        "timezone": "Asia/Kolkata",
        "language": "de",
        "date_format": "d.m.Y",
        "time_format": "g:i A",
        "number_format": "1.234.567,89",
    }
    with like(timezone="UTC"):
        assert str(text) == write(value)
        here = str(text)
    with like(**preferences):
        assert str(text) == write(value) != here


def test_lazy_text_raises_when_it_is_rendered():
    text = format_date_lazy("2026-12-31")

    with pytest.raises(TypeError, match="Pass a date or an aware datetime"):
        str(text)


def test_override_ends_with_its_block():
    with like(date_format="d.m.Y"):
        pass

    assert current_profile().date_format == "Y-m-d"


def test_override_ends_when_its_block_fails():
    with pytest.raises(ZeroDivisionError), like(timezone="Asia/Kolkata"):
        raise ZeroDivisionError

    assert current_profile().timezone != "Asia/Kolkata"
    assert timezone.get_current_timezone_name() != "Asia/Kolkata"


def test_override_with_a_removed_zone(settings):
    with like(timezone="Asia/Atlantis"):
        assert timezone.get_current_timezone_name() == settings.TIME_ZONE


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("de", "de"), ("de-at", "de"), ("fr", "ja"), ("xx", "ja"), ("", "ja")],
)
def test_override_falls_back_to_a_site_language(settings, language, spoken):
    settings.LANGUAGES = [("de", "Deutsch"), ("ja", "日本語")]
    settings.LANGUAGE_CODE = "ja"
    with like(language=language):
        assert translation.get_language() == spoken


VARIANTS = {
    "language": "de",
    "timezone": "Asia/Kolkata",
    "date_format": "j M Y",
    "time_format": "g:i A",
    "number_format": "1.234.567,89",
    "first_day_of_week": 7,
    "theme": "dark",
    "notifications_enabled": False,
    "notification_min_level": "danger",
    "browser_notifications": True,
    "notification_retention_days": 30,
    "email_digest": "daily",
    "email_digest_hour": 7,
    "email_danger_at_once": True,
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_fields_determine_the_text(name):
    def read():
        return [
            format_date(NOW),
            format_time(NOW),
            format_datetime(NOW),
            format_relative(NOW),
            format_number(1234.5),
            format_money(1234.5, "EUR"),
        ]

    with like():
        before = read()
    with like(**{name: VARIANTS[name]}):
        assert (read() != before) == (name in UserProfile.VARIANT_FIELDS)


def test_every_preference_is_compared():
    preferences = {field.name for field in UserProfile._meta.concrete_fields}

    assert set(VARIANTS) == preferences - {"id", "user"}


# Relative times

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("distance", "written"),
    [
        (0 * MINUTE, "just now"),
        (-timedelta(seconds=59.9), "just now"),
        (-MINUTE, "1 minute ago"),
        (-timedelta(seconds=119), "1 minute ago"),
        (-59 * MINUTE, "59 minutes ago"),
        (-HOUR, "1 hour ago"),
        (-23 * HOUR, "23 hours ago"),
        (-DAY, "1 day ago"),
        (-6 * DAY, "6 days ago"),
        (-7 * DAY, "1 week ago"),
        (-29 * DAY, "4 weeks ago"),
        (-30 * DAY, "1 month ago"),
        (-364 * DAY, "12 months ago"),
        (-365 * DAY, "1 year ago"),
        (-800 * DAY, "2 years ago"),
        (timedelta(seconds=59), "in a moment"),
        (MINUTE, "in 1 minute"),
        (2 * HOUR, "in 2 hours"),
        (3 * DAY, "in 3 days"),
        (14 * DAY, "in 2 weeks"),
        (60 * DAY, "in 2 months"),
        (365 * DAY, "in 1 year"),
    ],
)
def test_format_relative(distance, written):
    assert format_relative(NOW + distance, now=NOW) == written


def test_format_relative_counts_from_the_present(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    assert format_relative(NOW - HOUR) == "1 hour ago"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 9), "yesterday"),
        (date(2026, 3, 10), "today"),
        (date(2026, 3, 11), "tomorrow"),
        (date(2026, 3, 13), "in 3 days"),
        (date(2026, 3, 8), "2 days ago"),
    ],
)
def test_format_relative_of_a_date_counts_the_users_days(day, written):
    with like(timezone="Pacific/Auckland"):
        assert format_relative(day, now=NOW) == written


# Numbers


@pytest.mark.parametrize(
    ("number_format", "written"),
    [
        ("1,234,567.89", "1,234,567.89"),
        ("1.234.567,89", "1.234.567,89"),
        ("1\u202f234\u202f567,89", "1\u202f234\u202f567,89"),
        ("1’234’567.89", "1’234’567.89"),
        ("12,34,567.89", "12,34,567.89"),
        ("1234567.89", "1234567.89"),
    ],
)
def test_format_number(number_format, written):
    with like(number_format=number_format):
        assert format_number(Decimal("1234567.89")) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (-1234, "-1,234"),
        (-123, "-123"),
        (0.1, "0.1"),
        (3.0, "3"),
        (1e22, "10,000,000,000,000,000,000,000"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+5"), "100,000"),
        (-0.0, "0"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("0E+900"), "0"),
        (float("nan"), "NaN"),
        (Decimal("NaN"), "NaN"),
        (Decimal("sNaN"), "NaN"),
        (float("inf"), "∞"),
        (Decimal("-Infinity"), "-∞"),
    ],
)
def test_format_number_of(number, written):
    assert format_number(number) == written


@pytest.mark.parametrize(
    ("number", "decimals", "written"),
    [
        (1.999, 2, "2.00"),
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (-0.125, 2, "-0.13"),
        (0.5, 0, "1"),
        (-0.001, 2, "0.00"),
        (5, 2, "5.00"),
        (999.999, 1, "1,000.0"),
    ],
)
def test_format_number_rounds_halves_away_from_zero(number, decimals, written):
    assert format_number(number, decimals) == written


def test_format_number_keeps_every_digit():
    number = Decimal("-123456789012345678901234567890123456789.123456789")

    assert (
        format_number(number)
        == "-123,456,789,012,345,678,901,234,567,890,123,456,789.123456789"
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (10**3000, "1,000000E+3000"),
        (Decimal("-1.5E+999999"), "-1,500000E+999999"),
        (Decimal("1E-999"), "1,000000E-999"),
    ],
)
def test_format_number_with_an_exponent(number, written):
    with like(number_format="1.234.567,89"):
        assert format_number(number) == written


@pytest.mark.parametrize("value", [True, "12", [], b"1"])
def test_format_number_of_no_number_raises(value):
    message = re.escape(f"Pass an int, a float or a Decimal, not {value!r}.")
    with pytest.raises(TypeError, match=f"^{message}$"):
        format_number(value)


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
    lambda number: abs(number.adjusted()) < 100
)


@given(preferences=any_preferences, number=decimals | st.integers())
@example(preferences={}, number=Decimal("-0.0"))
def test_parse_number_reads_what_format_number_writes(preferences, number):
    with like(**preferences):
        assert parse_number(format_number(number)) == number


@given(
    preferences=any_preferences, number=st.floats(allow_nan=False, allow_infinity=False)
)
def test_parse_number_reads_floats_exactly(preferences, number):
    assume(1e-100 < abs(number) < 1e100)
    with like(**preferences):
        assert float(parse_number(format_number(number))) == number


@pytest.mark.parametrize(
    ("number_format", "text", "number"),
    [
        ("1,234,567.89", " 1,234.5 ", "1234.5"),
        ("1,234,567.89", "1 234.5", "1234.5"),
        ("1,234,567.89", "1\u00a0234", "1234"),
        ("1,234,567.89", "1'234", "1234"),
        ("1,234,567.89", "1234567", "1234567"),
        ("1,234,567.89", "+5", "5"),
        ("1,234,567.89", "\u22125", "-5"),
        ("1,234,567.89", "- 5", "-5"),
        ("1,234,567.89", ".5", "0.5"),
        ("1,234,567.89", "5.", "5"),
        ("1,234,567.89", "٣", "3"),
        ("1.234.567,89", "1,5", "1.5"),
        ("1.234.567,89", "1.234", "1234"),
        ("1.234.567,89", "1,234", "1.234"),
        ("1\u202f234\u202f567,89", "12 345,6", "12345.6"),
        ("1’234’567.89", "1'234.5", "1234.5"),
        ("12,34,567.89", "12,34,567", "1234567"),
        ("12,34,567.89", "1,234,567", "1234567"),
        ("1234567.89", "1234.5", "1234.5"),
    ],
)
def test_parse_number(number_format, text, number):
    with like(number_format=number_format):
        assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("1,234,567.89", "1,5"),
        ("1,234,567.89", "1,23"),
        ("1,234,567.89", "1,2345"),
        ("1,234,567.89", ",123"),
        ("1,234,567.89", "1.2.3"),
        ("1,234,567.89", "1.234,5"),
        ("1.234.567,89", "1.5"),
        ("1\u202f234\u202f567,89", "1.5"),
        ("1234567.89", "1,234"),
        ("1,234,567.89", ""),
        ("1,234,567.89", " "),
        ("1,234,567.89", "."),
        ("1,234,567.89", "-"),
        ("1,234,567.89", "NaN"),
        ("1,234,567.89", "∞"),
        ("1,234,567.89", "1e5"),
        ("1,234,567.89", "five"),
        ("1,234,567.89", "1\n2"),
        ("1,234,567.89", "\0"),
    ],
)
def test_parse_number_refuses_what_could_mean_another(number_format, text):
    with like(number_format=number_format), pytest.raises(ValidationError) as raised:
        parse_number(text)
    assert raised.value.messages == [f"Enter a number, for example: {number_format}"]


def test_parse_number_refuses_endless_text():
    assert parse_number("1" * 500) == int("1" * 500)
    with pytest.raises(ValidationError):
        parse_number("1" * 501)


def test_parse_number_for_a_user(user):
    user.profile.number_format = "1.234.567,89"

    assert parse_number("1,5", user=user) == Decimal("1.5")


# Money


@pytest.mark.parametrize(
    ("number_format", "written"),
    [
        ("1,234,567.89", "1,234.50\xa0EUR"),
        ("1.234.567,89", "1.234,50\xa0EUR"),
        ("1\u202f234\u202f567,89", "1\u202f234,50\xa0EUR"),
        ("1’234’567.89", "1’234.50\xa0EUR"),
        ("12,34,567.89", "1,234.50\xa0EUR"),
        ("1234567.89", "1234.50\xa0EUR"),
    ],
)
def test_format_money(number_format, written):
    with like(number_format=number_format):
        assert format_money(Decimal("1234.5"), "EUR") == written


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1234, "EUR", "1,234.00\xa0EUR"),
        (-0.125, "USD", "-0.13\xa0USD"),
        (Decimal("0.5"), "JPY", "1\xa0JPY"),
        (Decimal("1.2345"), "KWD", "1.235\xa0KWD"),
        (Decimal("1.23455"), "CLF", "1.2346\xa0CLF"),
        (1, "XYZ", "1.00\xa0XYZ"),
    ],
)
def test_format_money_rounds_to_the_decimals_of_the_currency(amount, currency, written):
    assert format_money(amount, currency) == written


@pytest.mark.parametrize(
    ("decimals", "currencies"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "CHF EUR GBP INR USD"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_currency_decimals(decimals, currencies):
    assert {currency_decimals(code) for code in currencies.split()} == {decimals}


@pytest.mark.parametrize(
    "currency", ["eur", "EU", "EURO", "E R", "EUR\n", "€", "", None]
)
def test_a_currency_is_three_upper_case_letters(currency):
    expected = (
        "Pass a currency as the three upper-case letters of ISO 4217, such as "
        f'"EUR", not {currency!r}.'
    )
    with pytest.raises(ValueError, match=re.escape(expected)):
        format_money(1, currency)


@pytest.mark.parametrize("amount", [True, "12", [], b"1"])
def test_format_money_of_no_number_raises(amount):
    with pytest.raises(TypeError, match="Pass an int, a float or a Decimal, not"):
        format_money(amount, "EUR")


@pytest.mark.parametrize("blank", [None, ""])
def test_format_money_of_nothing_is_empty(blank):
    assert format_money(blank, "EUR") == ""


def test_format_money_for_a_user(user):
    user.profile.number_format = "1.234.567,89"

    assert format_money(1234.5, "EUR", user=user) == "1.234,50\xa0EUR"


@given(
    preferences=any_preferences,
    amount=st.decimals(allow_nan=False, allow_infinity=False, places=2),
)
def test_parse_number_reads_the_amount_of_format_money(preferences, amount):
    with like(**preferences):
        number, currency = format_money(amount, "EUR").rsplit("\xa0", 1)
        assert (parse_number(number), currency) == (amount, "EUR")


# Reading dates and times


@given(preferences=any_preferences, day=st.dates())
def test_parse_date_reads_what_format_date_writes(preferences, day):
    with like(**preferences):
        assert parse_date(format_date(day)) == day


@given(
    preferences=any_preferences,
    clock=st.times().map(lambda t: t.replace(microsecond=0)),
)
def test_parse_time_reads_what_format_time_writes(preferences, clock):
    with like(**preferences):
        assert parse_time(format_time(clock, seconds=True)) == clock


@given(
    preferences=any_preferences,
    instant=st.datetimes(
        datetime.fromisoformat("1900-01-01"),
        datetime.fromisoformat("2100-01-01"),
        timezones=st.just(UTC),
    ).map(lambda instant: instant.replace(microsecond=0)),
)
def test_parse_datetime_reads_what_format_datetime_writes(preferences, instant):
    with like(**preferences):
        assume(not to_local(instant).fold)
        written = format_datetime(instant, seconds=True)
        assert parse_datetime(written) == instant


@pytest.mark.parametrize(
    ("date_format", "text"),
    [
        ("d.m.Y", "9.3.2026"),
        ("d.m.Y", " 09.03.2026 "),
        ("d.m.Y", "2026-03-09"),
        ("m/d/Y", "3/9/2026"),
        ("j M Y", "9 mar 2026"),
        ("j M Y", "09  March 2026"),
        ("j M Y", "9 MAR. 2026"),
        ("M j, Y", "March 9, 2026"),
    ],
)
def test_parse_date(date_format, text):
    with like(date_format=date_format):
        assert parse_date(text) == date(2026, 3, 9)


@pytest.mark.parametrize(
    "text", ["", "soon", "9.3.26", "3/9/2026", "30.2.2026", "1.13.2026", "1.1.0000"]
)
def test_parse_date_refuses(text):
    with like(date_format="d.m.Y"), pytest.raises(ValidationError) as raised:
        parse_date(text)
    assert raised.value.messages == ["Enter a date, for example: 31.12.2026"]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("12:30 AM", time(0, 30)),
        ("12:30 PM", time(12, 30)),
        ("2:05pm", time(14, 5)),
        ("02:05 p.m.", time(14, 5)),
        ("2:05:09 PM", time(14, 5, 9)),
    ],
)
def test_parse_time_on_a_12_hour_clock(text, clock):
    with like(time_format="g:i A"):
        assert parse_time(text) == clock


def test_parse_time_reads_the_halves_of_the_day_in_the_users_language():
    with like(time_format="g:i A", language="de"):
        assert parse_time("2:05 nachm.") == time(14, 5)


@pytest.mark.parametrize("text", ["2:05", "14:05 PM", "0:30 AM", "2:05 XM", "2:60 PM"])
def test_parse_time_on_a_12_hour_clock_refuses(text):
    with like(time_format="g:i A"), pytest.raises(ValidationError) as raised:
        parse_time(text)
    assert raised.value.messages == ["Enter a time, for example: 2:30 PM"]


@pytest.mark.parametrize("text", ["24:00", "12:60", "2:05 PM", "noon"])
def test_parse_time_refuses(text):
    with like(), pytest.raises(ValidationError) as raised:
        parse_time(text)
    assert raised.value.messages == ["Enter a time, for example: 14:30"]


def test_parse_datetime():
    with like(date_format="d.m.Y"):
        assert parse_datetime("9.3.2026 14:05") == NOW


def test_parse_datetime_reads_iso_dates():
    with like(date_format="d.m.Y"):
        assert parse_datetime("2026-03-09 14:05") == NOW


def test_parse_date_refuses_endless_text():
    with like(date_format="j M Y"):
        assert parse_date(f"9{' ' * 400}Mar 2026") == date(2026, 3, 9)
        with pytest.raises(ValidationError):
            parse_date(f"9{' ' * 500}Mar 2026")


def test_parse_datetime_refuses():
    with like(date_format="d.m.Y"), pytest.raises(ValidationError) as raised:
        parse_datetime("9.3.2026")
    assert raised.value.messages == [
        "Enter a date and a time, for example: 31.12.2026 14:30"
    ]


# When the clocks change


@pytest.mark.parametrize(
    ("zone", "missing", "following"),
    [
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29 03:00"),
        ("Europe/Berlin", "2026-03-29T02:59:59.999999", "2026-03-29 03:00"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08 03:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04 02:30"),
        ("Pacific/Apia", "2011-12-30T05:00", "2011-12-31 00:00"),
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22 03:00"),
        ("America/Sao_Paulo", "2018-11-04T00:30", "2018-11-04 01:00"),
    ],
)
def test_from_local_refuses_skipped_times(zone, missing, following):
    value = datetime.fromisoformat(missing)
    with like(timezone=zone), pytest.raises(ValidationError) as raised:
        from_local(value)
    assert raised.value.messages == [
        f"{value:%Y-%m-%d %H:%M} does not exist in the time zone {zone}, because the "
        f"clocks go forward then. The next valid time is {following}."
    ]


@pytest.mark.parametrize(
    ("zone", "twice", "first"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
    ],
)
def test_from_local_takes_the_first_of_two(zone, twice, first):
    with like(timezone=zone):
        instant = from_local(datetime.fromisoformat(twice))

    assert instant == datetime.fromisoformat(first).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "year"),
    [
        ("Asia/Tokyo", "0001-01-01T00:00", 1),
        ("America/New_York", "9999-12-31T23:00", 9999),
    ],
)
def test_from_local_beyond_the_calendar(zone, local, year):
    with like(timezone=zone), pytest.raises(ValidationError) as raised:
        from_local(datetime.fromisoformat(local))
    assert raised.value.messages == [f"The year {year} is out of range."]


@given(
    preferences=any_preferences,
    local=st.datetimes(
        datetime.fromisoformat("1950-01-01"),
        datetime.fromisoformat("2100-01-01"),
    ),
)
@example(
    preferences={"timezone": "Pacific/Apia"},
    local=datetime.fromisoformat("2011-12-30T09:00"),
)
def test_from_local_returns_existing_times_or_refuses(preferences, local):
    with like(**preferences):
        try:
            instant = from_local(local)
        except ValidationError:
            zone = ZoneInfo(preferences["timezone"])
            before, after = (
                local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)
            )
            assert before < after
        else:
            assert to_local(instant).replace(tzinfo=None, fold=0) == local
