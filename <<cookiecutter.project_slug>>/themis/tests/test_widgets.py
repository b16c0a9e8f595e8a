from datetime import UTC, date, datetime, time

import pytest
from django import forms

from themis.formatting import override
from themis.forms import widgets
from themis.models import UserProfile

MOMENT = datetime(2026, 3, 9, 13, 5, tzinfo=UTC)
EVERY = [
    getattr(widgets, name)
    for name in widgets.__all__
    if name not in ("TemporalInput", "TimeZoneSelect")
]


def like(**preferences):
    return override(
        UserProfile(**{"timezone": "Europe/Berlin", "language": "de"} | preferences)
    )


@pytest.mark.parametrize(
    ("widget", "value", "written"),
    [
        (widgets.DateInput, date(2026, 3, 9), "2026-03-09"),
        (widgets.DateInput, date(999, 3, 9), "0999-03-09"),
        (widgets.DateInput, MOMENT, "2026-03-09"),
        (widgets.TimeInput, time(14, 5), "14:05"),
        (widgets.TimeInput, time(14, 5, 7), "14:05:07"),
        (widgets.TimeInput, time(14, 5, 7, 9), "14:05:07"),
        (widgets.TimeInput, time(14, 5, 0, 9), "14:05"),
        (widgets.DateTimeInput, MOMENT, "2026-03-09T14:05"),
        (widgets.DateTimeInput, MOMENT.replace(second=7), "2026-03-09T14:05:07"),
        (widgets.TimeInput, MOMENT, "14:05"),
        (widgets.DateTimeInput, date(2026, 3, 9), "2026-03-09T00:00"),
        (widgets.TimeTextInput, MOMENT, "2:05 nachm."),
        (widgets.DateTimeTextInput, date(2026, 3, 9), "9 Mär 2026 12:00 vorm."),
        (widgets.DateTextInput, date(2026, 3, 9), "9 Mär 2026"),
        (widgets.DateTextInput, MOMENT, "9 Mär 2026"),
        (widgets.TimeTextInput, time(14, 5), "2:05 nachm."),
        (widgets.TimeTextInput, time(14, 5, 7), "2:05:07 nachm."),
        (widgets.DateTimeTextInput, MOMENT, "9 Mär 2026 2:05 nachm."),
        (
            widgets.DateTimeTextInput,
            MOMENT.replace(second=7),
            "9 Mär 2026 2:05:07 nachm.",
        ),
    ],
)
def test_format_value(widget, value, written):
    with like(date_format="j M Y", time_format="g:i A"):
        assert widget().format_value(value) == written


@pytest.mark.parametrize("widget", EVERY)
def test_format_value_is_never_localized(widget):
    instance = widget()
    value = MOMENT.time() if "Time" in widget.__name__ else MOMENT
    value = MOMENT if "DateTime" in widget.__name__ else value
    with like():
        written = instance.format_value(value)
        instance.is_localized = True
        assert instance.format_value(value) == written


@pytest.mark.parametrize("widget", EVERY)
@pytest.mark.parametrize("blank", [None, ""])
def test_no_value(widget, blank):
    assert " value=" not in widget().render("due", blank)


@pytest.mark.parametrize("widget", EVERY)
def test_text_is_shown_as_it_was_typed(widget):
    assert ' value="9.3.&lt;"' in widget().render("due", "9.3.<")


@pytest.mark.parametrize(
    ("widget", "input_type"),
    [
        (widgets.DateInput, "date"),
        (widgets.TimeInput, "time"),
        (widgets.DateTimeInput, "datetime-local"),
        (widgets.DateTextInput, "text"),
        (widgets.TimeTextInput, "text"),
        (widgets.DateTimeTextInput, "text"),
    ],
)
def test_input_type(widget, input_type):
    assert f'<input type="{input_type}"' in widget().render("due", None)


@pytest.mark.parametrize("widget", [widgets.TimeInput, widgets.DateTimeInput])
def test_seconds_can_be_changed_when_there_are_any(widget):
    value = MOMENT.replace(second=7)
    value = value.time() if widget is widgets.TimeInput else value

    assert ' step="1"' in widget().render("due", value)


@pytest.mark.parametrize("widget", [widgets.TimeInput, widgets.DateTimeInput])
def test_without_seconds_the_step_is_the_browsers(widget):
    value = MOMENT.time() if widget is widgets.TimeInput else MOMENT

    assert "step" not in widget().render("due", value)


def test_custom_step_is_kept():
    widget = widgets.TimeInput(attrs={"step": 900})

    assert ' step="900"' in widget.render("due", time(14, 5, 7))


CALENDARS = [
    widgets.DateInput,
    widgets.DateTimeInput,
    widgets.DateTextInput,
    widgets.DateTimeTextInput,
]


@pytest.mark.parametrize("widget", CALENDARS)
def test_calendar(widget):
    html = widget(calendar=True).render("due", None, {"id": "id_due"})

    assert 'popovertarget="id_due_calendar"' in html
    assert '<div id="id_due_calendar"' in html
    assert "<calendar-month" in html


@pytest.mark.parametrize("widget", CALENDARS)
def test_no_calendar_unless_asked_for(widget):
    assert "calendar" not in widget().render("due", None, {"id": "id_due"})


def test_no_calendar_without_an_id():
    assert "calendar" not in widgets.DateInput(calendar=True).render("due", None)


def test_the_button_stays_hidden_without_the_script():
    html = widgets.DateInput(calendar=True).render("due", None, {"id": "id_due"})
    button = html.partition("<button")[2].partition(">")[0]

    assert button.endswith(" hidden")


@pytest.mark.parametrize(
    ("first_day_of_week", "counted_from_sunday"), [(1, 1), (6, 6), (7, 0)]
)
def test_calendar_starts_on_the_users_first_day(first_day_of_week, counted_from_sunday):
    with like(first_day_of_week=first_day_of_week):
        html = widgets.DateInput(calendar=True).render("due", None, {"id": "id_due"})

    assert f'first-day-of-week="{counted_from_sunday}"' in html


@pytest.mark.parametrize("widget", CALENDARS)
def test_calendar_opens_at_the_value(widget):
    with like(date_format="d.m.Y"):
        html = widget(calendar=True).render("due", MOMENT, {"id": "id_due"})

    assert '<calendar-date class="cally" value="2026-03-09"' in html


def test_calendar_uses_the_users_language():
    with like(language="fr"):
        html = widgets.DateInput(calendar=True).render("due", None, {"id": "id_due"})

    assert 'locale="fr"' in html


def test_calendar_writes_the_users_format():
    with like(date_format="d.m.Y"):
        html = widgets.DateTextInput(calendar=True).render("due", "", {"id": "id_due"})

    assert ' data-format="d.m.Y" data-names="{}"' in html


@pytest.mark.parametrize("widget", [*CALENDARS, widgets.TimeInput])
def test_media_is_one_module(widget):
    class DueForm(forms.Form):
        due = forms.CharField(widget=widget)

    assert str(DueForm().media) == (
        '<script src="/static/themis/calendar.js" type="module"></script>'
    )


def test_no_media_without_a_calendar():
    assert str(widgets.TimeTextInput().media) == ""


def test_time_zone_select_offers_the_browsers_zone_to_scripts():
    html = widgets.TimeZoneSelect().render("zone", "UTC", {"id": "id_zone"})

    assert '<option value="UTC" selected>UTC</option>' in html
    button = html.partition("<button")[2].partition(">")[0]
    assert button.endswith(' data-browser-zone-for="id_zone" hidden')
