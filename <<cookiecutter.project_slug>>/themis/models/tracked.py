"""Track which fields a save changes. Receivers of `post_save` ask the instance.

    class Task(TrackedModel):
        TRACKED = ("assignee", "due_date")

    @receiver(post_save, sender=Task)
    def on_assignment(sender: type[Task], instance: Task, **kwargs: object) -> None:
        if instance.tracker.has_changed("assignee"):
            triggers.task_assigned(instance)

Only saves count: `QuerySet.update()` and `bulk_update()` send no signals.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.base import ModelBase


class ChangeTracker:
    """Compares an instance with what the database is known to contain."""

    def __init__(self, instance: "TrackedModel") -> None:
        self.instance = instance
        self.columns = _columns(type(instance))
        self.known: dict[str, object] = {}
        self.changed: set[str] = set()

    def has_changed(self, name: str) -> bool:
        """Return whether the current or last save changed the field.

        Raises ValueError for a field that is not in the model's `TRACKED`.
        """
        if name not in self.columns:
            model = type(self.instance).__name__
            raise ValueError(
                f"{model}.{name} is not tracked. Add {name!r} to {model}.TRACKED: "
                f"{list(self.columns)}."
            )
        return name in self.changed

    def remember(self, names: Iterable[str]) -> None:
        """Record that the database now has the values of the instance."""
        for name in names:
            if (column := self.columns[name]) in self.instance.__dict__:
                self.known[name] = self.instance.__dict__[column]

    def written(self, update_fields: Iterable[str] | None) -> list[str]:
        """Return the tracked fields that a save writes, without deferred ones."""
        return [
            name
            for name, column in self.columns.items()
            if column in self.instance.__dict__
            and (update_fields is None or {name, column} & set(update_fields))
        ]

    def compare(self, names: Sequence[str]) -> None:
        """Record which of these fields differ from the database."""
        if unknown := [name for name in names if name not in self.known]:
            self.known |= self._stored(unknown)
        self.changed = {
            name
            for name in names
            if name not in self.known
            or self.known[name] != self.instance.__dict__[self.columns[name]]
        }

    def _stored(self, names: list[str]) -> dict[str, object]:
        """Query the database: the field was deferred, or the key was set by hand."""
        if self.instance.pk is None:
            return {}
        columns = [self.columns[name] for name in names]
        rows = type(self.instance)._base_manager.filter(pk=self.instance.pk)
        row = rows.values_list(*columns).first()
        return dict(zip(names, row, strict=True)) if row else {}


class TrackedModel(models.Model):
    """A model whose instances know which `TRACKED` fields a save has changed.

    On creation, every tracked field counts as changed. Fixtures, `QuerySet.update()`
    and `bulk_update()` do not call `save()`, so they change no field in this sense.
    """

    TRACKED: ClassVar[Sequence[str]] = ()

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if update_fields is not None:
            update_fields = frozenset(update_fields)
        written = self.tracker.written(update_fields)
        self.tracker.compare(written)
        super().save(
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=update_fields,
        )
        self.tracker.remember(written)

    @cached_property
    def tracker(self) -> ChangeTracker:
        return ChangeTracker(self)

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[object],
        **kwargs: Any,  # Django 6.1 adds one that 5.2 does not have
    ) -> Self:
        instance = super().from_db(db, field_names, values, **kwargs)
        instance.tracker.remember(cls.TRACKED)
        return instance

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: "models.QuerySet[Self] | None" = None,
    ) -> None:
        if fields is not None:
            fields = list(fields)
        super().refresh_from_db(using, fields, from_queryset)
        self.tracker.remember(self.TRACKED if fields is None else self._named(fields))

    def _named(self, fields: Iterable[str]) -> list[str]:
        wanted = set(fields)
        columns = self.tracker.columns.items()
        return [name for name, column in columns if {name, column} & wanted]


@cache  # each row of a query gets a tracker
def _columns(model: type[TrackedModel]) -> dict[str, str]:
    fields = {field.name: field.attname for field in model._meta.concrete_fields}
    return {name: fields[name] for name in model.TRACKED}
