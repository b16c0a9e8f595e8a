"""The help beside an input: the field's own help text, and a hint."""

from django import forms

__all__ = ["HintedBoundField", "HintedField"]


class HintedBoundField(forms.BoundField):
    field: "HintedField"

    @property
    def help_text(self) -> str:
        hint = self.field.hint(self)
        # A field's own help text is HTML, as always in Django.
        return f"{self._help_text} {hint}" if self._help_text else hint

    @help_text.setter
    def help_text(self, text: str) -> None:
        self._help_text = text


class HintedField(forms.Field):
    bound_field_type: type[HintedBoundField]

    @property
    def is_typed_in(self) -> bool:
        """Whether users type the value in their own format.

        Native and hidden inputs hold it as Python writes it.
        """
        return getattr(self.widget, "input_type", "") == "text"

    def get_bound_field(
        self, form: forms.BaseForm, field_name: str
    ) -> HintedBoundField:
        return self.bound_field_type(form, self, field_name)

    def hint(self, bound_field: HintedBoundField) -> str:
        """Return the hint to show after the field's own help text."""
        raise NotImplementedError
