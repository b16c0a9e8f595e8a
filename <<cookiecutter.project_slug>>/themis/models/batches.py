"""Reading a table of any size in constant memory."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def in_batches(queryset: QuerySet[Row], size: int = 1000) -> Iterator[Row]:
    """Yield every row once, ordered by primary key, `size` rows a query.

    Unlike with `QuerySet.iterator()`, no cursor stays open between two rows, so the
    loop may write. On SQLite, an open cursor holds a snapshot, and the next write fails
    with "database is locked" as soon as another process has written. A pooler in
    transaction mode loses the cursor.

    The queryset must not be sliced. Its order is replaced. Rows may be added or deleted
    meanwhile. A row whose primary key changes may be yielded twice.
    """
    remaining = queryset.order_by("pk")
    while batch := list(remaining[:size]):
        last = batch[-1].pk  # now, because deleting a row in the loop clears its pk
        yield from batch
        remaining = queryset.order_by("pk").filter(pk__gt=last)
