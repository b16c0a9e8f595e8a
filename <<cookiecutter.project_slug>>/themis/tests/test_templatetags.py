from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from themis.formatting import override
from themis.models import UserProfile

MOMENT = datetime(2026, 3, 9, 13, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_berlin():
    profile = UserProfile(
        timezone="Europe/Berlin",
        language="en",
        date_format="d.m.Y",
        time_format="g:i A",
        number_format="1.234.567,89",
    )
    with override(profile):
        yield


def render(expression, value):
    template = Template("{% load themis %}{{ value|" + expression + " }}")
    return template.render(Context({"value": value}))


@pytest.mark.parametrize(
    ("expression", "value", "shown"),
    [
        ("user_date", date(2026, 3, 9), "09.03.2026"),
        ("user_date", MOMENT, "09.03.2026"),
        ("user_time", time(14, 5), "2:05 PM"),
        ("user_time", MOMENT, "2:05 PM"),
        ("user_datetime", MOMENT, "09.03.2026 2:05 PM"),
        ("user_number", Decimal("1234.5"), "1.234,5"),
        ("user_number:2", Decimal("1234.5"), "1.234,50"),
        ('user_money:"EUR"', Decimal("1234.5"), "1.234,50\xa0EUR"),
    ],
)
def test_filter(expression, value, shown):
    assert render(expression, value) == shown


@pytest.mark.parametrize(
    "name",
    [
        *("user_date", "user_time", "user_datetime", "user_number"),
        *('user_money:"EUR"', "relative_time"),
    ],
)
@pytest.mark.parametrize("blank", [None, "", "missing"])
def test_filter_of_nothing(name, blank):
    context = {} if blank == "missing" else {"value": blank}
    template = Template("{% load themis %}{{ value|" + name + " }}")

    assert template.render(Context(context)) == ""


def test_relative_time(monkeypatch):
    now = datetime(2026, 3, 9, 13, 8, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert render("relative_time", MOMENT) == (
        '<time datetime="2026-03-09T13:05:00+00:00" title="09.03.2026 2:05 PM" '
        "data-relative>3 minutes ago</time>"
    )


def test_relative_time_of_a_date(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MOMENT)

    assert render("relative_time", date(2026, 3, 10)) == (
        '<time datetime="2026-03-10" title="10.03.2026">tomorrow</time>'
    )


def test_no_queries(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        render("user_datetime", MOMENT)
