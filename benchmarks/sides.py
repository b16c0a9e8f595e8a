"""What is measured of each side, in a table filled with copies of one notification."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

SMALL = bool(os.environ.get("SMALL"))
USERS, ROWS, HEAVY, MANY, CALLS = (
    (500, 20, 5_000, 500, 30) if SMALL else (10_000, 100, 100_000, 10_000, 300)
)
AUDIENCES = (MANY, 10 * MANY, 20 * MANY if SMALL else 100 * MANY)  # users per queryset
User = get_user_model()
POSTGRES = connection.vendor == "postgresql"


def execute(sql: str, params: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def tidy_up(table: str) -> None:
    """Clean up deleted rows, as autovacuum would do at some point."""
    if POSTGRES:
        execute(f"VACUUM {table}")


def copy_row(model: Any, rows: int, **columns: str) -> None:
    """Copy the only row until there are `rows`. The columns may use the number n."""
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields]
    execute(
        f"""WITH RECURSIVE numbers(n) AS (
            SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}
        )
        INSERT INTO {table} ({", ".join(names)})
        SELECT {", ".join(columns.get(name, f"sample.{name}") for name in names)}
        FROM numbers CROSS JOIN {table} AS sample"""
    )


class Side:
    """What both sides have in common: a table of notifications, filled with copies."""

    owner: str
    table: str
    varied: ClassVar[dict[str, str]] = {}  # columns that differ from row to row

    def __init__(self) -> None:
        if not POSTGRES:
            execute("PRAGMA journal_mode=WAL")
            execute("PRAGMA synchronous=NORMAL")
        call_command("migrate", verbosity=0)
        first = User.objects.create(username="user1")
        copy_row(User, AUDIENCES[-1], username="'user' || n", id=f"{first.pk} + n - 1")
        self.users = list(User.objects.order_by("id")[:USERS])
        self.ada, self.dismissed, self.large = self.users[:3]

    def model(self) -> Any:
        raise NotImplementedError

    def fill(self, rows: int, first: int, last: int, **state: object) -> None:
        """Copy the first row `rows` times for each user from the first id to the last."""
        person = connection.ops.quote_name(User._meta.db_table)
        columns = [field.column for field in self.model()._meta.concrete_fields][1:]
        values = {name: f"sample.{name}" for name in columns}
        values |= self.varied | {self.owner: "person.id"} | dict.fromkeys(state, "%s")
        execute(
            f"""WITH RECURSIVE numbers(n) AS (
                SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}
            ), sample AS (SELECT * FROM {self.table} ORDER BY id LIMIT 1)
            INSERT INTO {self.table} ({", ".join(columns)})
            SELECT {", ".join(values[name] for name in columns)}
            FROM numbers CROSS JOIN {person} AS person CROSS JOIN sample
            WHERE person.id BETWEEN {first} AND {last} ORDER BY n, person.id""",
            [state[name] for name in columns if name in state],
        )

    def fill_all(self, read: dict[str, object], dismissed: dict[str, object]) -> None:
        first, last = self.users[0].pk, self.users[-1].pk
        self.fill(ROWS // 5, first, last)
        self.fill(ROWS - ROWS // 5, first, last, **read)
        self.fill(5, self.large.pk, self.large.pk, level=self.rare)
        self.fill(HEAVY, self.large.pk, self.large.pk)
        self.fill(HEAVY, self.dismissed.pk, self.dismissed.pk, **dismissed)
        if POSTGRES:
            execute(f"REINDEX TABLE {self.table}")
        execute("ANALYZE")

    rare = "danger"

    def floor_of_one(self) -> Callable[[], object]:
        """Insert a row of the same size."""
        fields = self.model()._meta.concrete_fields[1:]
        columns = ", ".join(field.column for field in fields)
        [row] = execute(f"SELECT {columns} FROM {self.table} ORDER BY id LIMIT 1")
        sql = (
            f"INSERT INTO {self.table} ({columns}) "
            f"VALUES ({', '.join(['%s'] * len(row))}) RETURNING id"
        )
        keys = itertools.count(10**12)
        place = [field.column for field in fields].index("source_key") if self.varied else 0

        def insert() -> object:
            values = list(row)
            if self.varied:
                values[place] = next(keys)
            return execute(sql, values)

        return insert

    def floor_of_many(self, users: int) -> Callable[[], object]:
        """Insert such a row for each of the first users, in one statement."""
        first = self.users[0].pk

        def insert() -> object:
            with transaction.atomic():
                return self.fill(1, first, first + users - 1)

        return insert

    def floor_of_poll(self) -> object:
        return execute(
            f"SELECT *, (SELECT count(*) FROM (SELECT id FROM {self.table} LIMIT 100) AS c)"
            f" FROM {self.table} ORDER BY id DESC LIMIT 10"
        )

    def works(self) -> Iterator[tuple[str, Callable[[], object], Callable[[], object], int]]:
        """Yield the measurements: name, floor, work, and number of calls."""
        raise NotImplementedError


class Peer(Side):
    owner, table = "recipient_id", "notifications_notification"
    rare = "error"

    def __init__(self) -> None:
        super().__init__()
        self.notify(self.ada)
        self.fill_all({"unread": False}, {"unread": False})

    def model(self) -> Any:
        from notifications.models import Notification

        return Notification

    def notify(self, recipient: Any) -> object:
        from notifications.signals import notify

        return notify.send(
            self.ada, recipient=recipient, verb="Task overdue", description="Since May."
        )

    def poll(self, user: Any) -> object:
        unread = user.notifications.unread()
        return unread.count(), list(unread[:10])

    def works(self) -> Iterator[tuple[str, Callable[[], object], Callable[[], object], int]]:
        yield "notify one", self.floor_of_one(), lambda: self.notify(self.ada), CALLS
        yield (
            "one, inside a transaction",
            self.floor_of_one(),
            lambda: self.notify(self.ada),
            -CALLS,
        )
        floor = self.floor_of_many(MANY)
        users = User.objects.filter(pk__lt=self.users[0].pk + MANY)
        yield f"list of {MANY:,}", floor, lambda: self.notify(list(users)), 3
        yield f"queryset of {MANY:,}", floor, lambda: self.notify(users.all()), 3
        for name, user in polls(self).items():
            yield name, self.floor_of_poll, lambda user=user: self.poll(user), CALLS // 3


class Themis(Side):
    owner, table = "user_id", "themis_usernotification"
    varied: ClassVar[dict[str, str]] = {
        "source_id": "CAST(CAST(n AS bigint) * 100000 + person.id / 10 AS text)",
        "source_key": "CAST(n AS bigint) * 10000000000 + person.id / 10 * 7919",
    }

    def __init__(self) -> None:
        from themis.models import UserProfile

        super().__init__()
        first = UserProfile.objects.get()
        place = {"id": f"{first.pk} + n - 1", "user_id": f"{first.user_id} + n - 1"}
        copy_row(UserProfile, AUDIENCES[-1], **place)
        self.numbers = itertools.count(10**9)
        self.notify(self.ada)
        now = timezone.now()
        self.fill_all({"read_at": now}, {"read_at": now, "dismissed_at": now})

    def model(self) -> Any:
        from themis.models import UserNotification

        return UserNotification

    def source(self, number: int | None = None) -> dict[str, Any]:
        number = next(self.numbers) if number is None else number
        return {"source_app": "tasks", "source_model": "Task", "source_id": str(number)}

    def notify(self, user: Any, **options: Any) -> object:
        from themis.notifications import notify_user

        return notify_user(user, "Task overdue", "Since May.", **self.source(), **options)

    def notify_many(self, users: Any, number: int | None = None, **options: Any) -> object:
        from themis.notifications import notify_users

        return notify_users(users, "Task overdue", "Since May.", **self.source(number), **options)

    @contextmanager
    def sent_before(self, users: Any, number: int) -> Iterator[None]:
        """Give each of the users a notification from this source until the end."""
        self.notify_many(users, number)
        execute("ANALYZE")
        yield
        self.model().objects.filter(**self.source(number)).delete()
        tidy_up(self.table)

    def poll(self, user: Any) -> object:
        from themis.notifications.bell import Bell

        return (bell := Bell(user)).unread, bell.newest

    def works(self) -> Iterator[tuple[str, Callable[[], object], Callable[[], object], int]]:
        def one() -> object:
            return self.notify(self.ada)

        def unique() -> object:
            return self.notify(self.ada, deduplicate=True)

        floor = self.floor_of_one()
        yield "notify one", floor, one, CALLS
        yield "one, inside a transaction", floor, one, -CALLS
        yield "one, with deduplicate", floor, unique, CALLS
        yield "the same, inside a transaction", floor, unique, -CALLS
        for size in AUDIENCES:
            floor, repeat = self.floor_of_many(size), 1 if size == AUDIENCES[-1] else 3
            users = User.objects.filter(pk__lt=self.users[0].pk + size)
            half = User.objects.filter(pk__lt=self.users[0].pk + size // 2)
            if size == MANY:
                yield f"list of {size:,}", floor, lambda u=users: self.notify_many(list(u)), repeat
            yield f"queryset of {size:,}", floor, lambda u=users: self.notify_many(u.all()), repeat
            with self.sent_before(half, 1):
                yield (
                    f"{size:,}, half of them duplicates",
                    self.floor_of_many(size // 2),
                    lambda u=users: self.notify_many(u.all(), 1, deduplicate=True),
                    repeat,
                )
        for name, user in polls(self).items():
            yield name, self.floor_of_poll, lambda user=user: self.poll(user), CALLS // 3
        mailbox = self.model().objects.filter(user=self.large).visible()
        yield (
            f"list, what is rare among {HEAVY:,}",
            self.floor_of_poll,
            lambda: mailbox.newest(26, levels=["danger"]),
            CALLS // 3,
        )


def polls(side: Side) -> dict[str, Any]:
    return {
        "count and newest 10": side.users[9],
        f"after {HEAVY:,} dismissed": side.dismissed,
        f"with {HEAVY:,} unread": side.large,
    }
