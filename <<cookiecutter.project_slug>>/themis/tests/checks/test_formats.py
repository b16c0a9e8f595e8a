import pytest
from django.core.checks import run_checks

from themis import conf


def messages():
    return [message.msg for message in run_checks(tags=["themis"])]


def test_formats_of_themis_pass():
    assert messages() == []


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("THEMIS_DATE_FORMATS", ["d-m-Y", r"l, j \d\e F \d\e Y", "Y年n月j日"]),
        ("THEMIS_TIME_FORMATS", ("H.i", r"G\hi", "A g:i")),
        ("THEMIS_NUMBER_FORMATS", ["1 234 567.89", "1'234'567,89"]),
    ],
)
def test_own_formats_pass(settings, name, formats):
    setattr(settings, name, formats)

    assert messages() == []


@pytest.mark.parametrize("name", conf.FORMATS)
@pytest.mark.parametrize("formats", [None, "d.m.Y", [], {"d.m.Y": "short"}])
def test_not_a_list(settings, name, formats):
    setattr(settings, name, formats)

    assert messages() == [f"{name}: {formats!r} is not a list of formats."]


def test_not_a_string(settings):
    settings.THEMIS_DATE_FORMATS = ["d.m.Y", 5]

    assert messages() == ["THEMIS_DATE_FORMATS: 5 is not a string."]


def test_too_long_for_its_column(settings):
    settings.THEMIS_DATE_FORMATS = ["d.m.Y" + " " * 27 + "D"]

    assert messages()[0].endswith("D' is longer than 32 characters.")


@pytest.mark.parametrize(
    ("name", "form", "problem"),
    [
        ("THEMIS_DATE_FORMATS", "d.m", "It has no year: add Y."),
        ("THEMIS_TIME_FORMATS", "H", "It has no minute: add i."),
        (
            "THEMIS_NUMBER_FORMATS",
            "1.234",
            "It is not 1234567.89 with the separators of the format.",
        ),
    ],
)
def test_cannot_be_read_back(settings, name, form, problem):
    setattr(settings, name, [conf.FORMATS[name][0], form])

    [error] = run_checks(tags=["themis"])
    assert error.id == "themis.E006"
    assert error.msg == f"{name}: {form!r} could not be read back. {problem}"
    assert error.hint == f"Set {name} to a list such as {conf.FORMATS[name][:2]}."
