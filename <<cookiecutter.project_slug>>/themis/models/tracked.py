"""Which fields did a save change? Receivers of post_save ask their instance:
`task.tracker.has_changed("assignee")`."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from django.db import models


class ChangeTracker:
    """Compares an instance with what the database is known to hold."""

    def __init__(self, instance: "TrackedModel") -> None:
        self.instance = instance
        self.columns = {
            field.name: field.attname
            for field in instance._meta.concrete_fields
            if field.name in instance.TRACKED
        }
        self.known: dict[str, Any] = {}
        self.changed: set[str] = set()

    def has_changed(self, name: str) -> bool:
        """Whether the save that is going on, or was the last, changed the field."""
        return name in self.changed

    def remember(self, names: Iterable[str]) -> None:
        """The database holds now what the instance holds."""
        for name in names:
            if (column := self.columns[name]) in self.instance.__dict__:
                self.known[name] = self.instance.__dict__[column]

    def written(self, update_fields: Iterable[str] | None) -> list[str]:
        """The tracked fields that a save writes: not those that are deferred."""
        return [
            name
            for name, column in self.columns.items()
            if column in self.instance.__dict__
            and (update_fields is None or {name, column} & set(update_fields))
        ]

    def compare(self, names: Iterable[str]) -> None:
        names = list(names)
        if unknown := [name for name in names if name not in self.known]:
            self.known |= self._stored(unknown)
        self.changed = {
            name
            for name in names
            if name not in self.known
            or self.known[name] != self.instance.__dict__[self.columns[name]]
        }

    def _stored(self, names: list[str]) -> dict[str, Any]:
        """Asks the database: the field was deferred, or the key was set by hand."""
        if self.instance.pk is None:
            return {}
        columns = [self.columns[name] for name in names]
        rows = type(self.instance)._base_manager.filter(pk=self.instance.pk)
        row = rows.values_list(*columns).first()
        return dict(zip(names, row, strict=True)) if row else {}


class TrackedModel(models.Model):
    """A model whose instances know which of the `TRACKED` fields a save has changed.

    On creation every tracked field counts as changed. Loading a fixture changes none:
    it does not call `save()`. Neither do `QuerySet.update()` and `bulk_update()`, which
    send no signals at all.
    """

    TRACKED: ClassVar[Sequence[str]] = ()

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        written = self.tracker.written(kwargs.get("update_fields"))
        self.tracker.compare(written)
        super().save(**kwargs)
        self.tracker.remember(written)

    @cached_property
    def tracker(self) -> ChangeTracker:
        return ChangeTracker(self)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance.tracker.remember(cls.TRACKED)
        return instance

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        self.tracker.remember(self.TRACKED if fields is None else self._named(fields))

    def _named(self, fields: Iterable[str]) -> list[str]:
        wanted = set(fields)
        columns = self.tracker.columns.items()
        return [name for name, column in columns if {name, column} & wanted]
