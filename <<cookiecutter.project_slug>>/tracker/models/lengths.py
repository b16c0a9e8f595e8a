"""Maximum lengths of texts, enforced by forms and by the database."""

from django.db.models import CheckConstraint
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

TEXT = 10_000  # characters


def at_most(length: int, field: str, *, name: str) -> CheckConstraint:
    """Return the constraint that keeps longer texts out of the field."""
    return CheckConstraint(condition=LessThanOrEqual(Length(field), length), name=name)
