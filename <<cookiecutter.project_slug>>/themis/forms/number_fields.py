"""Form fields for numbers and amounts of money, in the user's number format.

    class InvoiceForm(forms.ModelForm):
        total = MoneyField(currency="CHF", max_digits=12)

        class Meta:
            model = Invoice
            fields = ["weight", "total"]
            field_classes = {"weight": NumberField}

They take the arguments of Django's DecimalField, and return a Decimal.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from themis import formatting
from themis.forms.hints import HintedBoundField, HintedField

__all__ = ["MoneyField", "NumberField"]


class _BoundNumber(HintedBoundField):
    @cached_property
    def initial(self) -> Any:
        initial = super().initial
        try:
            # Initial text, such as a model's default, is in Python's format. Submitted
            # text is in the user's format.
            return forms.DecimalField(required=False).to_python(initial)
        except ValidationError:
            return initial


class NumberField(HintedField, forms.DecimalField):
    """A number, read and shown in the user's format.

    It is shown with at least `decimal_places` decimals, if given. A widget that is not
    a text input, such as NumberInput, holds it as Django does.
    """

    widget = forms.TextInput
    bound_field_type = _BoundNumber

    def hint(self, bound_field: HintedBoundField) -> str:
        return ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.TextInput) and "inputmode" not in widget.attrs:
            attrs["inputmode"] = "decimal"
        return attrs

    def prepare_value(self, value: Any) -> Any:
        if self.is_typed_in and isinstance(value, int | float | Decimal):
            return formatting.format_number(value, self._decimals(value))
        return value

    # Any: to the type checker, a DecimalField returns an int, like an IntegerField.
    def to_python(self, value: Any) -> Any:
        if not self.is_typed_in or not isinstance(value, str) or not value:
            return super().to_python(value)
        try:
            return formatting.parse_number(value)
        except ValidationError as error:
            message = self.error_messages["invalid"]
            if message is forms.DecimalField.default_error_messages["invalid"]:
                raise  # its message shows an example
            raise ValidationError(message, error.code, error.params) from None

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError as errors:
            for error in errors.error_list:
                if error.params and "limit_value" in error.params:
                    limit = self.prepare_value(error.params["limit_value"])
                    error.params = {**error.params, "limit_value": limit}
            raise

    def _decimals(self, value: int | float | Decimal) -> int | None:
        if self.decimal_places is None:
            return None
        fraction = f"{Decimal(str(value)):f}".partition(".")[2]
        return max(self.decimal_places, len(fraction.rstrip("0")))


class MoneyField(NumberField):
    """An amount in one currency, whose code is shown beside the input.

    Args:
        currency: the ISO 4217 code, such as "EUR". It limits the number of decimals,
            unless `decimal_places`, such as a model field's, is less.

    Raises ValueError for a currency that is not three upper-case letters.
    """

    def __init__(
        self,
        *,
        currency: str = "EUR",
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        decimals = formatting.currency_decimals(currency)
        if decimal_places is not None:
            decimals = min(decimals, decimal_places)
        super().__init__(decimal_places=decimals, **kwargs)
        self.currency = currency

    def hint(self, bound_field: HintedBoundField) -> str:
        return self.currency
