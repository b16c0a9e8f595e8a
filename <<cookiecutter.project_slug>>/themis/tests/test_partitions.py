from importlib import import_module

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction

from themis.models import UserNotification
from themis.notifications import notify_user, notify_users
from themis.partitions.apps import check_database

migration = import_module("themis.partitions.migrations.0001_split_the_mailbox")
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL's partitions"
)

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'themis_usernotification'::regclass AND contype <> 'p'
ORDER BY conname"""
INDEXES = """
SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
WHERE indrelid = 'themis_usernotification'::regclass AND NOT indisprimary
ORDER BY 1"""
PARTITIONS = """
SELECT count(*) FROM pg_inherits
WHERE inhparent = 'themis_usernotification'::regclass"""

USED = "SELECT count(DISTINCT tableoid) FROM themis_usernotification"


def rows_of(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def migrate(function):
    connection.check_constraints()  # now, not at the end of the test
    with connection.schema_editor() as editor:
        function(None, editor)


@pytest.fixture
def one_table(db):
    """The tests may run on partitions."""
    migrate(migration.join)


@only_postgresql
def test_both_directions_keep_rows_indexes_and_constraints(one_table, user, other_user):
    notify_users([user, other_user], "Welcome")
    before = [
        list(UserNotification.objects.order_by("id").values()),
        rows_of(CONSTRAINTS),
        rows_of(INDEXES),
    ]
    for function, partitions in ((migration.split, 8), (migration.join, 0)):
        migrate(function)
        assert rows_of(PARTITIONS) == [(partitions,)]
        assert [
            list(UserNotification.objects.order_by("id").values()),
            rows_of(CONSTRAINTS),
            rows_of(INDEXES),
        ] == before


@only_postgresql
def test_new_rows_get_new_keys(one_table, user):
    last = notify_user(user, "Welcome").pk
    UserNotification.objects.all().delete()

    for function in (migration.split, migration.join):
        migrate(function)
        new = notify_user(user, "Hello again")
        assert new.pk > last
        last = new.pk


@only_postgresql
def test_partitions_share_users_and_forbid_duplicates(one_table):
    migrate(migration.split)
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"user{number}") for number in range(100)
    )
    source = {"source_app": "tasks", "source_model": "Task", "source_id": "1"}
    assert notify_users(users, "Hello", **source, deduplicate=True) == 100
    assert notify_users(users, "Hello", **source, deduplicate=True) == 0
    assert rows_of(USED) == [(8,)]
    # By the constraint, not only by the check before it.
    copy = UserNotification.objects.latest("id")
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@only_postgresql
def test_check_accepts_postgresql():
    assert check_database(None) == []


@pytest.mark.skipif(connection.vendor == "postgresql", reason="SQLite has none")
def test_other_databases_keep_the_table_and_warn(user):
    notify_user(user, "Welcome")
    migration.split(None, connection.schema_editor())
    [warning] = check_database(None)

    assert UserNotification.objects.count() == 1
    assert warning.id == "themis.W002"
    assert "one table" in warning.msg


def test_it_is_optional():
    assert "themis.W002" not in [each.id for each in run_checks(tags=["themis"])]
