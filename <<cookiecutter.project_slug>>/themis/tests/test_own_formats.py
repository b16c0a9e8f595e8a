"""Formats of a project instead of Themis' own."""

import json
import re
from datetime import date
from html import unescape
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from themis import conf
from themis.formatting import format_date, override
from themis.forms import DateField, DateTextInput
from themis.models import UserProfile
from themis.tests.views.test_settings import CHOSEN, options

PAGE = reverse("themis:settings")


@pytest.fixture(autouse=True)
def own_formats(settings):
    settings.THEMIS_DATE_FORMATS = ["d-m-Y", "l, j F Y", "d-m-Y"]
    settings.THEMIS_TIME_FORMATS = [r"G\hi", "g:i a"]
    settings.THEMIS_NUMBER_FORMATS = ["1_234_567.89"]


OWN = {
    "date_format": "l, j F Y",
    "time_format": "g:i a",
    "number_format": "1_234_567.89",
}


@pytest.fixture
def client(client, user):
    client.force_login(user)
    return client


def test_first_is_the_default(db):
    profile = UserProfile()

    assert profile.date_format == "d-m-Y"
    assert profile.time_format == r"G\hi"
    assert profile.number_format == "1_234_567.89"


def test_are_offered_once_by_a_sample(client, other_user):
    client.force_login(other_user)
    response = client.get(PAGE)

    assert options(response, "date_format") == {
        "d-m-Y": "31-12-2026",
        "l, j F Y": "Thursday, 31 December 2026",
    }
    assert options(response, "time_format") == {r"G\hi": "14h30", "g:i a": "2:30 p.m."}
    assert options(response, "number_format") == {"1_234_567.89": "1_234_567.89"}


def test_can_be_chosen(client, user):
    client.post(PAGE, CHOSEN | OWN)

    user.profile.refresh_from_db()
    assert {name: getattr(user.profile, name) for name in OWN} == OWN


def test_others_cannot_be_chosen(client):
    response = client.post(PAGE, CHOSEN | OWN | {"date_format": "d.m.Y"})

    assert response.context["form"].errors == {
        "date_format": [
            "Select a valid choice. d.m.Y is not one of the available choices."
        ]
    }


@pytest.mark.parametrize(
    ("name", "value", "sample"),
    [
        ("date_format", "d.m.Y", "31.12.2026"),
        ("time_format", "H:i", "14:30"),
        ("number_format", "1.234.567,89", "1.234.567,89"),
    ],
)
def test_format_that_is_no_longer_offered_is_kept(client, user, name, value, sample):
    setattr(user.profile, name, value)
    user.profile.save()

    response = client.get(PAGE)
    assert options(response, name)[value] == sample
    assert response.context["form"][name].value() == value
    response = client.post(PAGE, CHOSEN | OWN | {name: value})
    assert response.status_code == 302
    user.profile.refresh_from_db()
    assert getattr(user.profile, name) == value
    assert user.profile.theme == "dark"


def test_admin_keeps_a_format_that_is_no_longer_offered(admin_client, user):
    user.profile.date_format = "d.m.Y"
    user.profile.save()
    page = reverse("admin:themis_userprofile_change", args=[user.profile.pk])

    form = admin_client.get(page).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    answers = {name: value for name, value in shown.items() if value is not False}
    response = admin_client.post(page, answers | {"theme": "dark"})

    assert response.status_code == 302, response.context["errors"]
    user.profile.refresh_from_db()
    assert (user.profile.date_format, user.profile.theme) == ("d.m.Y", "dark")


def test_model_refuses_what_is_not_offered_and_not_kept(user):
    user.profile.date_format = "d.m.Y"

    with pytest.raises(ValidationError, match=r"d\.m\.Y"):
        user.profile.full_clean()


def test_format_that_is_no_longer_offered_is_read_in(user):
    user.profile.date_format = "d.m.Y"

    assert format_date(date(2026, 3, 9), user=user) == "09.03.2026"


def test_form_field_reads_what_it_shows():
    with override(UserProfile(date_format="l, j F Y", language="en")):
        shown = DateTextInput().format_value(date(2026, 3, 9))

        assert shown == "Monday, 9 March 2026"
        assert DateField(widget=DateTextInput).clean(shown) == date(2026, 3, 9)


def test_preview_knows_the_words_of_every_format(client):
    html = client.get(PAGE).text
    words = json.loads(unescape(re.search(r'data-names="([^"]*)"', html)[1]))

    assert set(words) == {"l", "F", "a"}
    assert words["l"][0] == "Sunday"
    assert words["F"][0] == "January"
    assert words["a"] == ["a.m.", "p.m."]


@pytest.mark.django_db
def test_no_migration(settings):
    settings.THEMIS_DEFAULTS = {"date_format": "l, j F Y", "theme": "dark"}

    output = StringIO()
    call_command("makemigrations", "themis", dry_run=True, stdout=output)
    assert output.getvalue() == "No changes detected in app 'themis'\n"


@pytest.mark.parametrize("broken", [None, "d.m.Y", [], [5]])
def test_broken_setting_gets_as_far_as_the_check(settings, broken):
    settings.THEMIS_DATE_FORMATS = broken

    assert conf.date_formats() == conf.FORMATS["THEMIS_DATE_FORMATS"]
