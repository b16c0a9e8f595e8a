import pytest
from django.core.checks import run_checks

FORMS = "themis.tests.testapp.forms"


def messages():
    return [message.msg for message in run_checks(tags=["themis"])]


def test_sections_pass(settings):
    settings.THEMIS_SETTINGS_FORMS = [
        f"{FORMS}.NewsletterSection",
        f"{FORMS}.EmailSection",
    ]

    assert messages() == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("PlainForm", "it is not a subclass of themis.forms.SettingsSection."),
        ("forms", "it is not a subclass of themis.forms.SettingsSection."),
        ("UntitledSection", "it has no title."),
        ("ModellessSection", "its Meta names no model."),
        ("ShelfSection", "Shelf has no OneToOneField to the user model."),
    ],
)
def test_not_a_section(settings, name, problem):
    settings.THEMIS_SETTINGS_FORMS = [f"{FORMS}.{name}"]

    [error] = run_checks(tags=["themis"])
    assert error.id == "themis.E008"
    assert error.msg == f"THEMIS_SETTINGS_FORMS has '{FORMS}.{name}': {problem}"
    assert error.hint == (
        'Set it to a list such as ["yourapp.forms.NewsletterSection"].'
    )


@pytest.mark.parametrize("path", [f"{FORMS}.Nothing", "nothing.forms.Form", "x", 5])
def test_not_there(settings, path):
    settings.THEMIS_SETTINGS_FORMS = [path]

    [message] = messages()
    problem = f"THEMIS_SETTINGS_FORMS has {path!r}: it cannot be imported: "
    assert message.startswith(problem)


def test_duplicate_names(settings):
    path = f"{FORMS}.EmailSection"
    settings.THEMIS_SETTINGS_FORMS = [path, path]

    assert (
        messages()
        == [f"THEMIS_SETTINGS_FORMS has {path!r}: another has that name."] * 2
    )


def test_not_a_list(settings):
    settings.THEMIS_SETTINGS_FORMS = f"{FORMS}.EmailSection"

    assert messages() == [
        f"THEMIS_SETTINGS_FORMS is '{FORMS}.EmailSection', not a list of dotted paths."
    ]
