"""The style guide, only in development: every component, state and theme."""

from datetime import UTC, datetime
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from themis.forms import (
    DateField,
    DateInput,
    DateTextInput,
    DateTimeField,
    DateTimeInput,
    DateTimeTextInput,
    MoneyField,
    NumberField,
    TimeField,
    TimeTextInput,
    TimeZoneSelect,
)
from themis.http import UserRequest
from themis.models import Level
from themis.models.preferences import Theme

__all__ = ["styleguide"]

FRUIT = [("apple", "Apple"), ("pear", "Pear"), ("plum", "Plum")]
MOMENT = datetime(2026, 3, 9, 13, 5, tzinfo=UTC)
FILLED = {
    "text": "Ada Lovelace",
    "long_text": "Two lines,\nor more.",
    "integer": 42,
    "number": Decimal("1234.5"),
    "amount": Decimal("1234.5"),
    "select": "pear",
    "several": ["apple", "plum"],
    "radio": "pear",
    "checkboxes": ["apple", "plum"],
    "checkbox": True,
    "date": MOMENT.date(),
    "date_text": MOMENT.date(),
    "time": MOMENT.time(),
    "time_text": MOMENT.time(),
    "date_time": MOMENT,
    "date_time_text": MOMENT,
    "time_zone": "Europe/Berlin",
}


class SampleForm(forms.Form):
    text = forms.CharField()
    password = forms.CharField(widget=forms.PasswordInput)
    long_text = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    integer = forms.IntegerField()
    number = NumberField()
    amount = MoneyField()
    select = forms.ChoiceField(choices=FRUIT)
    several = forms.MultipleChoiceField(choices=FRUIT)
    radio = forms.ChoiceField(choices=FRUIT, widget=forms.RadioSelect)
    checkboxes = forms.MultipleChoiceField(
        choices=FRUIT, widget=forms.CheckboxSelectMultiple
    )
    checkbox = forms.BooleanField()
    file = forms.FileField()
    date = DateField(widget=DateInput(calendar=True))
    date_text = DateField(widget=DateTextInput(calendar=True))
    time = TimeField()
    time_text = TimeField(widget=TimeTextInput)
    date_time = DateTimeField(widget=DateTimeInput(calendar=True))
    date_time_text = DateTimeField(widget=DateTimeTextInput(calendar=True))
    time_zone = forms.CharField(widget=TimeZoneSelect)


def sample_forms(theme: str) -> dict[str, SampleForm]:
    """Return a form for each state. The errors are those of an empty form."""
    states = {
        "Required": SampleForm(prefix=f"{theme}-required"),
        "Filled, with help": SampleForm(prefix=f"{theme}-filled", initial=FILLED),
        "With errors": SampleForm({}, prefix=f"{theme}-errors"),
        "Disabled": SampleForm(prefix=f"{theme}-disabled", initial=FILLED),
    }
    for field in states["Filled, with help"].fields.values():
        field.required, field.help_text = False, "What it is for."
    for field in states["Disabled"].fields.values():
        field.disabled = True
    return states


@login_required
@require_safe
def styleguide(request: UserRequest) -> HttpResponse:
    themes = [theme.value for theme in Theme if theme != Theme.SYSTEM]
    context = {
        "themes": [(theme, sample_forms(theme)) for theme in themes],
        "levels": Level.values,
        "now": MOMENT,
    }
    return render(request, "themis/styleguide.html", context)
