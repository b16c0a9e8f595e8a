"""`manage.py migrations`, which a deployment runs."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from themis.management.commands import migrations

RETRY = 75


@pytest.fixture
def failing_with(monkeypatch):
    """Make `migrate` fail."""

    def replace(error):
        def migrate(*args, **options):
            raise error

        monkeypatch.setattr(migrations, "call_command", migrate)

    return replace


def run(command):
    output = io.StringIO()
    call_command("migrations", command, stdout=output)
    return output.getvalue()


def test_apply_migrates(transactional_db):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    # Drop the table, because `migrate` creates it again.
    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE django_session")
    assert "Applying sessions.0001_initial" in run("apply")
    assert "No migrations to apply" in run("apply")


def test_apply_suggests_a_retry_when_useful(db, failing_with):
    failing_with(OperationalError("canceling statement due to lock timeout"))
    with pytest.raises(CommandError, match="Try again: canceling") as raised:
        run("apply")
    assert raised.value.returncode == RETRY


def test_bug_is_not_retried(db, failing_with):
    failing_with(ProgrammingError('column "a" does not exist'))
    with pytest.raises(ProgrammingError):
        run("apply")


def test_apply_times_out_on_locks_only(transactional_db, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL waits for a lock on a table.")
    found = []

    def migrate(*args, **options):
        with connection.cursor() as cursor:
            for name in ("lock_timeout", "statement_timeout"):
                cursor.execute(f"SHOW {name}")
                found.append(cursor.fetchone()[0])

    monkeypatch.setattr(migrations, "call_command", migrate)
    try:
        run("apply")
    finally:
        connection.close()
    assert found == [migrations.LOCK_TIMEOUT, "0"]


def test_wait_ends_when_nothing_is_pending(transactional_db):
    assert run("wait") == ""


def test_wait_continues_while_a_migration_is_pending(transactional_db, monkeypatch):
    recorder = MigrationRecorder(connection)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("themis")
    recorder.record_unapplied(*newest)
    monkeypatch.setattr(
        migrations.time, "sleep", lambda seconds: recorder.record_applied(*newest)
    )
    assert run("wait") == "Waiting. 1 migrations are not applied.\n"


def test_wait_continues_without_a_database(monkeypatch):
    states = [OperationalError("refused"), None]

    def check():
        if error := states.pop(0):
            raise error

    monkeypatch.setattr(migrations, "check_database", check)
    monkeypatch.setattr(migrations.time, "sleep", lambda seconds: None)
    assert run("wait") == "Waiting. refused\n"
