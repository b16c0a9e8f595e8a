"""Fill in forms as pages show them, so that tests name only the fields they test."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.test import Client
from django.utils import timezone


def fill_in(form: forms.BaseForm, **answers: object) -> dict[str, object]:
    """Return the data of a form in which somebody changes these fields.

    The others keep the values that the page shows. A required field without a value
    gets one that its type allows; name those that need more, such as a pattern.
    """
    shown = dict(sent for bound in form for sent in _sent(bound))
    changed = {form.add_prefix(name): value for name, value in answers.items()}
    return shown | changed


def submit(client: Client, url: str, **answers: object) -> Any:
    """Open a page, fill in its form, and send it."""
    return client.post(url, fill_in(client.get(url).context["form"], **answers))


def _sent(bound: forms.BoundField) -> Iterator[tuple[str, object]]:
    field, name, value = bound.field, bound.html_name, bound.value()
    if value in (None, "", []) and field.required:
        value = _sample(field)
    if value in (None, "", False):
        return
    if isinstance(field.widget, forms.MultiWidget):
        parts = field.widget.decompress(value)
        for suffix, part in zip(field.widget.widgets_names, parts, strict=True):
            yield name + suffix, str(part)
    elif isinstance(field.widget, forms.CheckboxInput):
        yield name, "on"
    else:
        yield name, field.widget.format_value(value)


def _sample(field: forms.Field) -> object:
    choices = [key for key, _label in getattr(field, "choices", []) if key]
    tomorrow = timezone.localtime() + timedelta(days=1)
    samples = {
        forms.EmailField: "sample@example.com",
        forms.URLField: "https://example.com/",
        forms.DateTimeField: tomorrow,
        forms.DateField: tomorrow.date(),
        forms.TimeField: tomorrow.time(),
    }
    fitting = [value for kind, value in samples.items() if isinstance(field, kind)]
    return [*choices, *fitting, "1"][0]
