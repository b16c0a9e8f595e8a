"""What is measured of each side, in a table filled by copies of one notification."""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

SMALL = bool(os.environ.get("SMALL"))
USERS, ROWS, HEAVY, MANY, CALLS = (
    (500, 20, 5_000, 500, 30) if SMALL else (10_000, 100, 100_000, 10_000, 300)
)
AUDIENCE = 10 * MANY  # users of the large queryset
User = get_user_model()
POSTGRES = connection.vendor == "postgresql"


def execute(sql: str, params: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


class Side:
    """What both sides have in common: a table of notifications, filled by copies."""

    owner: str
    table: str
    varied: ClassVar[dict[str, str]] = {}  # columns that differ from row to row

    def __init__(self) -> None:
        if not POSTGRES:
            execute("PRAGMA journal_mode=WAL")
            execute("PRAGMA synchronous=NORMAL")
        call_command("migrate", verbosity=0)
        names = (User(username=f"user{number}") for number in range(AUDIENCE))
        while batch := list(itertools.islice(names, 5_000)):
            User.objects.bulk_create(batch)
        self.users = list(User.objects.order_by("id")[:USERS])
        self.ada, self.dismissed, self.large = self.users[:3]

    def model(self) -> Any:
        raise NotImplementedError

    def fill(self, rows: int, first: int, last: int, **state: object) -> None:
        """Copy the first row so often for each user from the first id to the last."""
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

    def floor_of_many(self, last: int) -> Callable[[], object]:
        """Insert such a row for each user, by one statement."""

        def insert() -> object:
            with transaction.atomic():
                return self.fill(1, self.users[0].pk, last)

        return insert

    def floor_of_poll(self) -> object:
        return execute(
            f"SELECT *, (SELECT count(*) FROM (SELECT id FROM {self.table} LIMIT 100) AS c)"
            f" FROM {self.table} ORDER BY id DESC LIMIT 10"
        )

    def works(self) -> Iterator[tuple[str, Callable[[], object], Callable[[], object], int]]:
        """Yield what is measured: its name, the floor, the work, and how often."""
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
        floor = self.floor_of_many(self.users[0].pk + MANY - 1)
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
        users = User.objects.filter(profile=None).iterator()
        UserProfile.objects.bulk_create(
            (UserProfile(user=user) for user in users), batch_size=5_000
        )
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
        for size, repeat in ((MANY, 3), (AUDIENCE, 3)):
            floor = self.floor_of_many(self.users[0].pk + size - 1)
            users = User.objects.filter(pk__lt=self.users[0].pk + size)
            half = User.objects.filter(pk__lt=self.users[0].pk + size // 2)
            if size == MANY:
                yield f"list of {size:,}", floor, lambda u=users: self.notify_many(list(u)), repeat
            yield f"queryset of {size:,}", floor, lambda u=users: self.notify_many(u.all()), repeat
            self.notify_many(half, 1)
            execute("ANALYZE")
            yield (
                f"{size:,}, half of them duplicates",
                floor,
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
