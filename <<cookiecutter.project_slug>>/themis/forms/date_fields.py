"""Form fields for dates and times, in the user's time zone and formats.

    class TaskForm(forms.ModelForm):
        class Meta:
            model = Task
            fields = ["title", "due", "starts_at"]
            field_classes = {"due": DateField, "starts_at": DateTimeField}
            widgets = {"due": DateTextInput(calendar=True)}  # if not the browser's own

A value that the user does not change stays exactly as stored. It keeps its fractions of
a second, and its place in the hour that clocks show twice.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils import dateparse, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from themis import formatting
from themis.formatting.patterns import date_pattern, datetime_pattern, time_pattern
from themis.forms import widgets
from themis.forms.hints import HintedBoundField, HintedField
from themis.models.preferences import EXAMPLE

__all__ = ["DateField", "DateTimeField", "TimeField"]


class _BoundTemporal(HintedBoundField):
    """Return the stored value if the input is unchanged."""

    @property
    def data(self) -> Any:
        data = super().data
        if data and data == self.field.widget.format_value(self.initial):
            return self.initial
        return data


class _TemporalField(HintedField):
    bound_field_type = _BoundTemporal
    text_widget: type[widgets.TemporalInput]
    example: date | time

    def format(self) -> str:
        """Return the user's format, in Django's format characters."""
        raise NotImplementedError

    def hint(self, bound_field: HintedBoundField) -> SafeString:
        """Return an example of what to type, or the value of a native input.

        `frontend/js/calendar.js` keeps the latter up to date.
        """
        text_widget = self.text_widget()
        if self.is_typed_in:
            example = text_widget.write(self.example)
            return format_html(_("For example: {}"), example)
        try:
            value = self.to_python(bound_field.value())
        except ValidationError:
            value = None
        return format_html(
            "<span{}>{}</span>",
            flatatt(
                {"data-written-for": bound_field.auto_id}
                | widgets.format_attrs(self.format())
            ),
            text_widget.format_value(value) or "",
        )


class DateField(_TemporalField, forms.DateField):
    widget = widgets.DateInput
    text_widget = widgets.DateTextInput
    input_formats = ["%Y-%m-%d"]
    example = EXAMPLE.date()

    def format(self) -> str:
        return date_pattern()

    def to_python(self, value: Any) -> date | None:
        if self.is_typed_in and isinstance(value, str) and value:
            return formatting.parse_date(value)
        return super().to_python(value)


class TimeField(_TemporalField, forms.TimeField):
    widget = widgets.TimeInput
    text_widget = widgets.TimeTextInput
    input_formats = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
    example = EXAMPLE.time()

    def format(self) -> str:
        return time_pattern()

    def to_python(self, value: Any) -> time | None:
        if self.is_typed_in and isinstance(value, str) and value:
            return formatting.parse_time(value)
        return super().to_python(value)


class DateTimeField(_TemporalField, forms.DateTimeField):
    """Gives aware datetimes. Input is in the user's time zone, by the rules of
    `themis.formatting.from_local()`, unless it has an offset."""

    widget = widgets.DateTimeInput
    text_widget = widgets.DateTimeTextInput
    example = datetime.combine(DateField.example, TimeField.example)

    def format(self) -> str:
        return datetime_pattern()

    def hint(self, bound_field: HintedBoundField) -> SafeString:
        zone = timezone.get_current_timezone()
        return format_html(
            "{} {}", format_html(_("Time zone: {}."), zone), super().hint(bound_field)
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return formatting.to_local(value)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        moment = self._read(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        return formatting.from_local(moment) if timezone.is_naive(moment) else moment

    def _read(self, text: str) -> datetime:
        if self.is_typed_in:
            return formatting.parse_datetime(text)
        try:
            value = dateparse.parse_datetime(text.strip())
            if value is not None and timezone.is_aware(value):
                value = value.astimezone(UTC)
        except (OverflowError, ValueError):
            value = None
        if value is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value
