"""The errors of refused forms, for the summary to list."""

from collections.abc import Iterator
from typing import NamedTuple

from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

__all__ = ["Problem", "problems_of"]


class Problem(NamedTuple):
    text: str
    target: str = ""  # the id of the input to correct, if there is one


def problems_of(*forms: BaseForm) -> list[Problem]:
    """List the errors of the forms, each with its field, in page order."""
    return [problem for form in forms if form.errors for problem in _problems(form)]


def _problems(form: BaseForm) -> Iterator[Problem]:
    for error in form.non_field_errors():
        yield Problem(str(error))
    for field in form:
        for error in field.errors:
            text = _("%(field)s: %(error)s") % {"field": field.label, "error": error}
            yield Problem(text if field.label else str(error), _target(field))


def _target(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    # Several inputs for one field, such as radio buttons: the first.
    return field.id_for_label or (field.auto_id and f"{field.auto_id}_0")
