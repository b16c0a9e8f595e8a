"""Form fields in the user's formats, and the inputs for them.

from themis.forms import DateField, MoneyField
"""

from themis.forms.date_fields import DateField, DateTimeField, TimeField
from themis.forms.number_fields import MoneyField, NumberField
from themis.forms.sections import SettingsSection
from themis.forms.widgets import (
    DateInput,
    DateTextInput,
    DateTimeInput,
    DateTimeTextInput,
    TemporalInput,
    TimeInput,
    TimeTextInput,
    TimeZoneSelect,
)

__all__ = [
    "DateField",
    "DateInput",
    "DateTextInput",
    "DateTimeField",
    "DateTimeInput",
    "DateTimeTextInput",
    "MoneyField",
    "NumberField",
    "SettingsSection",
    "TemporalInput",
    "TimeField",
    "TimeInput",
    "TimeTextInput",
    "TimeZoneSelect",
]
