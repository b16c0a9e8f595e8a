from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from themis.formatting import (
    format_date,
    format_datetime,
    format_number,
    format_time,
    from_local,
    override,
    parse_date,
    parse_datetime,
    parse_number,
    parse_time,
)
from themis.formatting.problems import (
    date_format_problem,
    number_format_problem,
    time_format_problem,
)
from themis.models import UserProfile

LANGUAGES = ("en", "de", "fr")


@pytest.mark.parametrize(
    "form",
    [
        "d-m-Y",
        "Y/m/d",
        "j. F Y",
        "N j, Y",
        "j E Y",
        "l, j F Y",
        "D d.m.Y",
        "d.m.Y, l",
        "Y F j D",
        r"j \d\e F \d\e Y",
        "Y年n月j日",
        "d m Y",
    ],
)
def test_date_format(form):
    assert date_format_problem(form) == ""
    days = [date(2026, month, 2 * month + 2) for month in range(1, 13)]
    for language in LANGUAGES:
        with override(UserProfile(language=language, date_format=form)):
            assert [parse_date(format_date(day)) for day in days] == days


UNKNOWN = (
    "{} cannot be read back in it. Use {}, and a backslash before a letter that stands "
    "for itself."
)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("", "It has no day: add d or j."),
        ("m/Y", "It has no day: add d or j."),
        ("d.Y", "It has no month: add m or n or M or N or F or E."),
        ("j M", "It has no year: add Y."),
        ("d.m.y", UNKNOWN.format("y", "d j m n M N F E Y D l")),
        ("%d.%b.%Y", UNKNOWN.format("b", "d j m n M N F E Y D l")),
        ("d.m.Y H:i", UNKNOWN.format("H", "d j m n M N F E Y D l")),
        ("j de F de Y", UNKNOWN.format("e", "d j m n M N F E Y D l")),
        ("d.m.Y j", "It has more than one day."),
        ("D l, d.m.Y", "It has more than one weekday."),
        ("Ymd", "It has nothing between Y and m."),
        ("jM Y", "It has nothing between j and M."),
        (" d.m.Y", "It starts or ends with a space."),
        ("d.m.Y\n", "It starts or ends with a space."),
        ("d.m.Y\\", "It has a digit or a backslash of its own."),
        ("d.m.Y \\\\", "It has a digit or a backslash of its own."),
        ("d.m.Y (1)", "It has a digit or a backslash of its own."),
    ],
)
def test_problem_of_a_date_format(form, problem):
    assert date_format_problem(form) == problem


@pytest.mark.parametrize(
    "form",
    ["H.i", r"G\hi", r"H:i \U\h\r", "g:iA", "h:i a", "A g:i", "a h.i", "G-i"],
)
def test_time_format(form):
    assert time_format_problem(form) == ""
    clocks = [time(0, 5), time(9, 30), time(12, 0), time(14, 7), time(23, 59)]
    exact = [clock.replace(second=8) for clock in clocks]
    for language in LANGUAGES:
        with override(UserProfile(language=language, time_format=form)):
            assert [parse_time(format_time(clock)) for clock in clocks] == clocks
            written = [format_time(clock, seconds=True) for clock in exact]
            assert [parse_time(text) for text in written] == exact


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("", "It has no hour: add H or G."),
        ("i", "It has no hour: add H or G."),
        ("H", "It has no minute: add i."),
        ("g:i", "It has no half of the day: add A or a."),
        ("i A", "It has no hour of 12: add h or g."),
        ("H:i A", UNKNOWN.format("H", "h g i A a")),
        ("H:i:s", UNKNOWN.format("s", "H G i")),
        ("P", UNKNOWN.format("P", "H G i")),
        ("Hi", "It has nothing between H and i."),
        ("H:i:i", "It has more than one minute."),
    ],
)
def test_problem_of_a_time_format(form, problem):
    assert time_format_problem(form) == problem


def test_seconds_follow_the_minutes_in_the_same_way():
    clock = time(14, 5, 9)
    for form, written in [
        ("H.i", "14.05.09"),
        ("H:i", "14:05:09"),
        (r"H\hi", "14h05:09"),
        (r"H:i \i", "14:05:09 i"),
    ]:
        with override(UserProfile(time_format=form)):
            assert format_time(clock, seconds=True) == written


NOT_THE_SAMPLE = "It is not 1234567.89 with the separators of the format."


@pytest.mark.parametrize(
    "sample",
    ["1 234 567.89", "1'234'567,89", "12.34.567,89", "1234567,89", "1_234_567.89"],
)
def test_number_format(sample):
    assert number_format_problem(sample) == ""
    numbers = [Decimal(text) for text in ("-1234567.89", "0.001", "12", "99999.5")]
    with override(UserProfile(number_format=sample)):
        assert [parse_number(format_number(number)) for number in numbers] == numbers


@pytest.mark.parametrize(
    ("sample", "problem"),
    [
        ("", NOT_THE_SAMPLE),
        ("1234567", NOT_THE_SAMPLE),
        ("1,234.56", NOT_THE_SAMPLE),
        ("1,234.567,89", NOT_THE_SAMPLE),
        ("1,234,567,89", NOT_THE_SAMPLE),
        ("#,##0.00", NOT_THE_SAMPLE),
        ("€1,234,567.89", NOT_THE_SAMPLE),
        (
            "123,4567.89",
            "It writes 1234567.89 as 123,4567.89, which cannot be read back.",
        ),
        (
            "1 234 567'89",
            "It writes 1234.567 as 1 234'567, which cannot be read back.",
        ),
    ],
)
def test_problem_of_a_number_format(sample, problem):
    assert number_format_problem(sample) == problem


separators = st.sampled_from([".", "-", "/", " ", ", ", "年", r" \d\e ", r"\h", ""])


@st.composite
def formats(draw, *characters):
    """Formats that somebody might build from these characters."""
    parts = draw(st.permutations([draw(st.sampled_from(each)) for each in characters]))
    return "".join(part + draw(separators) for part in parts).strip()


@given(
    form=formats("dj", "mnMNFE", "Y", ["", "D", "l"]),
    clock_format=formats("HG", "i") | formats("hg", "i", "Aa"),
    language=st.sampled_from(LANGUAGES),
    day=st.dates(date(1000, 1, 1), date(9999, 12, 30)),
    clock=st.times(),
)
def test_what_the_check_accepts_can_be_read_back(
    form, clock_format, language, day, clock
):
    assume(not date_format_problem(form) and not time_format_problem(clock_format))
    moment = datetime.combine(day, clock.replace(microsecond=0))
    profile = UserProfile(
        timezone="UTC", language=language, date_format=form, time_format=clock_format
    )
    with override(profile):
        assert parse_date(format_date(day)) == day
        instant = from_local(moment)
        assert parse_datetime(format_datetime(instant, seconds=True)) == instant
        to_the_minute = moment.replace(second=0)
        written = format_datetime(from_local(to_the_minute))
        assert parse_datetime(written) == from_local(to_the_minute)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("D, d.m.Y", "Mon, 09.03.2026"),
        ("D, d.m.Y", "Monday, 9.3.2026"),
        ("D, d.m.Y", "fri., 9.3.2026"),
        ("D, d.m.Y", "9.3.2026"),
        ("d.m.Y, l", "9.3.2026"),
        ("d.m.Y l", "9.3.2026 Monday"),
        ("l F j, Y", "March 9, 2026"),
        ("Y F D j", "2026 March 9"),
        ("j. F Y", "9. mar 2026"),
        ("j M Y", "9 March 2026"),
        ("l, j F Y", "2026-03-09"),
        (r"j \d\e F \d\e Y", "9 DE March de 2026"),
    ],
)
def test_reading_is_lenient(form, text):
    with override(UserProfile(language="en", date_format=form)):
        assert parse_date(text) == date(2026, 3, 9)


def test_weekday_and_month_may_share_their_name(settings):
    settings.LANGUAGES = [("es", "Español")]
    with override(UserProfile(language="es", date_format="D j M Y")):
        assert format_date(date(2026, 3, 3)) == "mar 3 Mar 2026"
        assert parse_date("mar 3 mar 2026") == date(2026, 3, 3)
        assert parse_date("3 mar 2026") == date(2026, 3, 3)


def test_name_of_two_months_is_refused(settings):
    settings.LANGUAGES = [("hy", "Հայերեն")]
    with override(UserProfile(language="hy", date_format="j M Y")):
        january = format_date(date(2026, 1, 2))
        assert january == format_date(date(2026, 6, 2))
        with pytest.raises(ValidationError):
            parse_date(january)
