"""How many rows PostgreSQL reads for each frequent statement.

The mailboxes are so large and unusual that a wrong plan reads most of one.
"""

from functools import partial
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user, notify_users, register_kind
from themis.notifications.bell import Bell

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's plans"),
]

USERS, ROWS, LARGE, NEAR = 400, 100, 2_000, 100

FILL = """
INSERT INTO themis_usernotification (
    user_id, title, message, level, url, source_app, source_model, source_id,
    source_key, created_at, read_at, dismissed_at, expires_at
)
SELECT
    users.id, 'Hello', '', %(level)s, '', 'tasks', 'Task', number::text,
    users.id * 1000000::bigint + number, now() - interval '1 day',
    %(read_at)s::timestamptz, %(dismissed_at)s::timestamptz, NULL
FROM generate_series(1, %(rows)s) AS number, auth_user AS users
WHERE users.username LIKE %(name)s
ORDER BY number, users.id"""


def fill(name, rows, level="info", read_at=None, dismissed_at=None):
    with connection.cursor() as cursor:
        cursor.execute(FILL, locals())


@pytest.fixture
def people(monkeypatch):
    """Users by name, some with an unusual mailbox."""
    monkeypatch.setattr("themis.models.mailbox.NEAR", NEAR)
    names = [f"user{number}" for number in range(USERS)]
    names += ["dismissed", "unread", "read"]
    people = get_user_model().objects.bulk_create(
        get_user_model()(username=name) for name in names
    )
    UserProfile.objects.bulk_create(UserProfile(user=user) for user in people)
    now = timezone.now()
    fill("user%", ROWS // 2)
    fill("user%", ROWS // 2, read_at=now)
    fill("dismissed", 20)
    fill("unread", 5, level="danger", read_at=now)
    fill("read", 5, level="danger")
    fill("unread", LARGE)
    fill("read", LARGE, read_at=now)
    fill("dismissed", LARGE, dismissed_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {user.username: user for user in people}


def rows_read(call):
    """Call the function. Return how many rows its statements read when run again."""
    with CaptureQueriesContext(connection) as context, transaction.atomic():
        call()
        transaction.set_rollback(True)
    return sum(rows_of(query["sql"]) for query in context.captured_queries)


def rows_of(sql):
    if not sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "\nINSERT")):
        return 0  # such as a savepoint
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        [[plan]] = cursor.fetchone()
    return rows_in(plan["Plan"])


def rows_in(plan):
    removed = sum(plan[key] for key in plan if key.startswith("Rows Removed"))
    rows = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return rows + sum(rows_in(part) for part in plan.get("Plans", []))


NAMES = ["user7", "dismissed", "unread", "read"]


def source(number):
    return {"source_app": "tasks", "source_model": "Task", "source_id": str(number)}


def test_mailbox(people):
    for name in NAMES:
        mailbox = UserNotification.objects.filter(user=people[name])
        first = mailbox.visible().newest(26)
        middle = first[len(first) // 2].pk
        older = mailbox.visible().filter(pk__lt=middle)
        bell = Bell(people[name])

        assert rows_read(lambda: bell.unread) < 500, name  # noqa: B023
        assert rows_read(lambda: mailbox.visible().newest(26)) < 100, name  # noqa: B023
        assert rows_read(lambda: older.newest(26)) < 100, name  # noqa: B023
        assert rows_read(mailbox.filter(pk=middle).mark_read) < 10, name


def test_filters(people):
    choices = product(NAMES, [[], ["danger"], ["info"]], [None, False, True])
    for name, levels, is_read in choices:
        mailbox = UserNotification.objects.filter(user=people[name]).visible()
        page = partial(mailbox.newest, 26, levels=levels, is_read=is_read)

        assert rows_read(page) < 8 * NEAR, (name, levels, is_read)


def test_sending(people, monkeypatch):
    monkeypatch.setattr("themis.notifications.kinds._kinds", {})
    register_kind("tasks", "Task", "Tasks")
    for name, deduplicate in product(NAMES, [False, True]):
        send = partial(notify_user, people[name], "Hello", deduplicate=deduplicate)

        assert rows_read(partial(send, **source(-1 - deduplicate))) < 20, name
    assert rows_read(partial(send, **source(-2))) < 20


def test_sending_to_many(people):
    users = get_user_model().objects.filter(username__startswith="user")
    for kind, deduplicate in product([list, lambda users: users], [False, True]):
        send = partial(notify_users, kind(users), "Hello", deduplicate=deduplicate)

        assert rows_read(partial(send, **source(-1 - deduplicate))) < 20 * USERS
        assert rows_read(partial(send, **source(-1 - deduplicate))) < 20 * USERS


def test_what_ends(people):
    now = timezone.now()
    rows = UserNotification.objects.all()
    some = rows.filter(user=people["user7"])
    some.filter(pk__in=some.values("pk")[:5]).update(expires_at=now)
    # One that no other test has sent: the index still has rolled-back rows.
    key = notify_user(people["user8"], "Hello", **source(-9)).source_key

    assert rows_read(lambda: list(rows.from_source("tasks", "Task", "-9"))) < 5
    assert rows_read(lambda: list(rows.expired(now))) < 50
    assert rows_read(lambda: rows.release_expired([key], now)) < 50
    assert rows_read(lambda: some.delete()) < 5 * ROWS
