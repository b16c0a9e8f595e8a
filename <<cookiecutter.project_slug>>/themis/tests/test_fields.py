import json
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
from django import forms
from django.forms.models import modelform_factory
from django.utils.html import strip_tags
from hypothesis import assume, given
from hypothesis import strategies as st

from themis.formatting import override, to_local
from themis.forms import DateField, DateTimeField, TimeField, widgets
from themis.models import UserNotification, UserProfile

BERLIN = {"timezone": "Europe/Berlin", "language": "en"}


class NativeForm(forms.Form):
    day = DateField(required=False)
    clock = TimeField(required=False)
    moment = DateTimeField(required=False)


class TextForm(forms.Form):
    day = DateField(required=False, widget=widgets.DateTextInput)
    clock = TimeField(required=False, widget=widgets.TimeTextInput)
    moment = DateTimeField(required=False, widget=widgets.DateTimeTextInput)


def like(**preferences):
    return override(UserProfile(**BERLIN | preferences))


def sent_back(form):
    """The data that a browser sends if the user changes nothing."""
    return {
        field.name: field.field.widget.format_value(field.value()) or ""
        for field in form
    }


def cleaned(form_class, name, text, initial=None):
    form = form_class({name: text}, initial={name: initial})
    assert form.is_valid(), form.errors
    return form.cleaned_data[name]


def messages(form_class, name, text):
    return form_class({name: text}).errors[name]


def help_text(field):
    """The text as users see it."""
    return strip_tags(field.help_text).strip()


# Native inputs


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_native_inputs_are_read_in_every_language(settings, language):
    settings.LANGUAGES = [(language, language)]
    data = {"day": "2026-03-09", "clock": "14:05", "moment": "2026-03-09T14:05"}
    with like(language=language, date_format="d.m.Y", time_format="g:i A"):
        form = NativeForm(data)
        assert form.is_valid()
    assert form.cleaned_data == {
        "day": date(2026, 3, 9),
        "clock": time(14, 5),
        "moment": datetime(2026, 3, 9, 13, 5, tzinfo=UTC),
    }


@pytest.mark.parametrize("form_class", [NativeForm, TextForm])
def test_empty_is_none(form_class):
    form = form_class({})

    assert form.is_valid()
    assert form.cleaned_data == {"day": None, "clock": None, "moment": None}


@pytest.mark.parametrize("form_class", [NativeForm, TextForm])
@pytest.mark.parametrize("name", ["day", "clock", "moment"])
def test_spaces_are_not_a_value(form_class, name):
    assert messages(form_class, name, " ")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("day", "09.03.2026", "Enter a valid date."),
        ("day", "2026-02-30", "Enter a valid date."),
        ("day", "12026-01-01", "Enter a valid date."),
        ("clock", "2:05 PM", "Enter a valid time."),
        ("clock", "24:00", "Enter a valid time."),
        ("moment", "2026-02-30T14:05", "Enter a valid date/time."),
        ("moment", "0001-01-01T00:00+12:00", "Enter a valid date/time."),
        ("moment", "\0", "Enter a valid date/time."),
    ],
)
def test_native_inputs_refuse_anything_but_iso(name, text, message):
    with like():
        assert messages(NativeForm, name, text) == [message]


def test_an_offset_of_its_own_counts():
    with like():
        moment = cleaned(NativeForm, "moment", "2026-03-09T14:05+05:30")

    assert moment == datetime(2026, 3, 9, 8, 35, tzinfo=UTC)


# Text inputs


def test_text_inputs_read_the_users_format():
    data = {"day": "9.3.2026", "clock": "2:05 pm", "moment": "9.3.2026 2:05 PM"}
    with like(date_format="d.m.Y", time_format="g:i A"):
        form = TextForm(data)
        assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "day": date(2026, 3, 9),
        "clock": time(14, 5),
        "moment": datetime(2026, 3, 9, 13, 5, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("day", "3/9/2026", "Enter a date, for example: 31.12.2026"),
        ("clock", "2:05", "Enter a time, for example: 2:30 PM"),
        (
            "moment",
            "9.3.2026 2:05",
            "Enter a date and a time, for example: 31.12.2026 2:30 PM",
        ),
    ],
)
def test_text_inputs_show_an_example_of_the_format(name, text, message):
    with like(date_format="d.m.Y", time_format="g:i A"):
        assert messages(TextForm, name, text) == [message]


def test_a_rejected_text_is_shown_again():
    with like():
        assert 'value="3/9/2026"' in str(TextForm({"day": "3/9/2026"})["day"])


# Saved again unchanged


@pytest.mark.parametrize("form_class", [NativeForm, TextForm])
@given(
    preferences=st.fixed_dictionaries(
        {
            "timezone": st.sampled_from(
                ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
            ),
            "date_format": st.sampled_from(["d.m.Y", "j M Y"]),
            "time_format": st.sampled_from(["H:i", "g:i A"]),
            "language": st.sampled_from(["en", "de", "fr"]),
        }
    ),
    moment=st.datetimes(timezones=st.just(UTC)),
    clock=st.times(),
    day=st.dates(),
)
def test_unchanged_is_the_stored_value_itself(
    form_class, preferences, moment, clock, day
):
    initial = {"moment": moment, "clock": clock, "day": day}
    with like(**preferences):
        form = form_class(sent_back(form_class(initial=initial)), initial=initial)
        assert form.is_valid(), form.errors
        assert form.cleaned_data == initial
        assert form.changed_data == []


@pytest.mark.parametrize("form_class", [NativeForm, TextForm])
@pytest.mark.parametrize("hour", [0, 1], ids=["first", "second"])
def test_unchanged_in_the_repeated_hour(form_class, hour):
    stored = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    with like():
        text = sent_back(form_class(initial={"moment": stored}))["moment"]
        moment = cleaned(form_class, "moment", text, initial=stored)

    assert moment == stored


@pytest.mark.parametrize("form_class", [NativeForm, TextForm])
def test_a_date_begins_at_midnight(form_class):
    initial = {"moment": date(2026, 3, 9)}
    with like():
        assert str(form_class(initial=initial))
        text = sent_back(form_class(initial=initial))["moment"]
        moment = cleaned(form_class, "moment", text, initial=initial["moment"])

    assert moment == datetime(2026, 3, 8, 23, tzinfo=UTC)


def test_hidden_inputs_keep_the_instant():
    stored = datetime(2026, 10, 25, 1, 30, 17, 123456, tzinfo=UTC)
    with like():
        hidden = NativeForm(initial={"moment": stored})["moment"].as_hidden()
        text = hidden.partition('value="')[2].partition('"')[0]

        assert cleaned(NativeForm, "moment", text) == stored


def test_unchanged_in_a_disabled_field():
    stored = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    form = NativeForm({}, initial={"moment": stored})
    form.fields["moment"].disabled = True

    with like():
        assert form.is_valid()
    assert form.cleaned_data["moment"] == stored


def test_changed_into_the_repeated_hour_is_the_first():
    stored = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with like():
        moment = cleaned(NativeForm, "moment", "2026-10-25T02:45", initial=stored)

    assert moment == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


def test_skipped_time_is_refused():
    with like():
        assert messages(NativeForm, "moment", "2026-03-29T02:30") == [
            "2026-03-29 02:30 does not exist in the time zone Europe/Berlin, because "
            "the clocks go forward then. The next valid time is 2026-03-29 03:00."
        ]


@given(
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"]),
    stored=st.datetimes(timezones=st.just(UTC)),
    entered=st.datetimes(),
)
def test_changed_is_read_in_the_users_zone(zone, stored, entered):
    entered = entered.replace(second=0, microsecond=0)
    with like(timezone=zone):
        form = NativeForm({"moment": entered.isoformat()}, initial={"moment": stored})
        assume(form.is_valid())
        moment = to_local(form.cleaned_data["moment"])
    assert moment.replace(tzinfo=None, fold=0) == entered


# Hints beside them


def test_native_inputs_are_described_in_the_users_format():
    initial = {
        "day": date(2026, 3, 9),
        "clock": time(14, 5),
        "moment": datetime(2026, 3, 9, 13, 5, tzinfo=UTC),
    }
    with like(date_format="d.m.Y", time_format="g:i A"):
        form = NativeForm(initial=initial)
        assert help_text(form["day"]) == "09.03.2026"
        assert help_text(form["clock"]) == "2:05 PM"
        assert (
            help_text(form["moment"]) == "Time zone: Europe/Berlin. 09.03.2026 2:05 PM"
        )


def test_entered_value_is_described_in_the_users_format():
    with like(date_format="d.m.Y"):
        form = NativeForm({"day": "2026-03-10"}, initial={"day": date(2026, 3, 9)})
        assert help_text(form["day"]) == "10.03.2026"


@pytest.mark.parametrize("text", ["", "nonsense"])
def test_empty_date_has_no_description(text):
    assert help_text(NativeForm({"day": text})["day"]) == ""


def test_text_inputs_describe_an_example():
    with like(date_format="d.m.Y", time_format="g:i A"):
        form = TextForm()
        assert help_text(form["day"]) == "For example: 31.12.2026"
        assert help_text(form["clock"]) == "For example: 2:30 PM"
        assert (
            help_text(form["moment"])
            == "Time zone: Europe/Berlin. For example: 31.12.2026 2:30 PM"
        )


def test_help_text_comes_first():
    class HelpForm(forms.Form):
        day = DateField(
            help_text="The <em>last</em> day.", widget=widgets.DateTextInput
        )

    assert HelpForm()["day"].help_text == (
        "The <em>last</em> day. For example: 2026-12-31"
    )


def test_inputs_are_described_by_their_help():
    field = NativeForm()["moment"]

    assert 'aria-describedby="id_moment_helptext"' in str(field)
    assert 'id="id_moment_helptext"' in field.as_field_group()


def test_the_script_gets_the_format_and_the_names():
    with like(date_format="j M Y", time_format="g:i A", language="de"):
        help_text = NativeForm()["moment"].help_text

    assert help_text.startswith(
        'Zeitzone: Europe/Berlin. <span data-format="j M Y g:i A" data-names="'
    )
    assert help_text.endswith('" data-written-for="id_moment"></span>')
    words = unescape(help_text.partition('data-names="')[2].partition('"')[0])
    months, halves = json.loads(words).values()
    assert months[:3] == ["Jan", "Feb", "Mär"]
    assert len(months) == 12
    assert halves == ["vorm.", "nachm."]


def test_another_widget_shows_the_users_time():
    class OtherForm(forms.Form):
        moment = DateTimeField(widget=forms.DateTimeInput)

    with like():
        html = str(
            OtherForm(initial={"moment": datetime(2026, 3, 9, 13, 5, tzinfo=UTC)})
        )

    assert 'value="2026-03-09 14:05:00"' in html


# Model forms


def test_in_a_model_form():
    form_class = modelform_factory(
        UserNotification,
        fields=["expires_at"],
        field_classes={"expires_at": DateTimeField},
    )
    stored = UserNotification(
        expires_at=datetime(2026, 10, 25, 1, 30, 0, 5, tzinfo=UTC)
    )
    with like():
        data = sent_back(form_class(instance=stored))
        form = form_class(data, instance=stored)
        assert form.is_valid()
        saved = form.save(commit=False)

    assert data == {"expires_at": "2026-10-25T02:30"}
    assert saved.expires_at == datetime(2026, 10, 25, 1, 30, 0, 5, tzinfo=UTC)


def test_in_a_model_form_with_a_text_input():
    form_class = modelform_factory(
        UserNotification,
        fields=["expires_at"],
        field_classes={"expires_at": DateTimeField},
        widgets={"expires_at": widgets.DateTimeTextInput},
    )
    with like(date_format="d.m.Y"):
        form = form_class({"expires_at": "9.3.2026 14:05"})
        assert form.is_valid()

    assert form.cleaned_data["expires_at"] == datetime(2026, 3, 9, 13, 5, tzinfo=UTC)
