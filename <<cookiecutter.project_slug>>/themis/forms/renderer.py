"""The form renderer: `{{ form }}` shows labels, help, errors and classes."""

from typing import Any

from django.forms import BaseForm, BoundField, widgets
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from themis.forms.problems import Problem, problems_of

# The first match counts.
CLASSES: list[tuple[type[widgets.Widget], str]] = [
    (widgets.CheckboxSelectMultiple, "checkbox"),  # to Django, a kind of RadioSelect
    (widgets.RadioSelect, "radio"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.Textarea, "textarea validator w-full"),
    (widgets.SelectMultiple, "select validator block h-auto w-full"),
    (widgets.Select, "select validator w-full"),
    (widgets.FileInput, "file-input validator w-full"),
    (widgets.ChoiceWidget, "validator"),
    (widgets.Input, "input validator w-full"),
]


class FormRenderer(TemplatesSetting):
    """Render forms in Themis' style. Widgets alone, as in the admin, do not change."""

    form_template_name = "themis/forms/form.html"
    formset_template_name = "themis/forms/formset.html"
    field_template_name = "themis/forms/field.html"

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        if template_name == self.field_template_name:
            context = context | {"widget": styled(context["field"])}
        elif template_name == self.form_template_name:
            context = context | {"problems": summary(context["form"])}
        return super().render(template_name, context, request)


def summary(form: BaseForm) -> list[Problem]:
    """List the errors of the form, to show above it.

    The list is empty for a form with one field, whose error is seen at once, and for a
    form with a prefix: with several forms, it is up to the page.
    """
    is_alone = form.prefix is None and len(form.visible_fields()) > 1
    return problems_of(form) if is_alone else []


def styled(field: BoundField) -> str:
    """Return the widget with the classes of its kind added to its own."""
    widget = field.field.widget
    names = next((names for kind, names in CLASSES if isinstance(widget, kind)), "")
    classes = " ".join(filter(None, [names, widget.attrs.get("class")]))
    return field.as_widget(attrs={"class": classes} if classes else None)
