"""`manage.py migrations`: migrate while the old version is serving, or wait."""

import os
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection

from themis.health import HealthCheckError, check_database

# An ALTER TABLE waits for every query on the table, and every later query waits for it.
# So give up after this time, let the queries pass, and try again.
LOCK_TIMEOUT = "5s"
PAUSE = 5.0  # seconds


class Command(BaseCommand):
    help = (
        "Applies migrations while the old version is serving, or waits until none is "
        "pending."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser(
            "apply",
            help="migrate; exit with 75 if a retry may succeed, because a table is "
            "locked or the database is unavailable",
        )
        commands.add_parser("wait", help="wait until no migration is pending")

    def handle(self, *args: str, command: str, **options: object) -> None:
        getattr(self, command)()

    def apply(self) -> None:
        try:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    # By SQL, because PgBouncer refuses it as a connection option.
                    cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                    cursor.execute("SET statement_timeout = 0")
                    cursor.execute("SET idle_in_transaction_session_timeout = 0")
            call_command("migrate", interactive=False, stdout=self.stdout)
        except (InterfaceError, OperationalError) as error:
            raise CommandError(
                f"Try again: {error}", returncode=os.EX_TEMPFAIL
            ) from error

    def wait(self) -> None:
        """Wait without a limit: the caller sets a timeout."""
        while reason := self.pending():
            self.stdout.write(f"Waiting. {reason}")
            time.sleep(PAUSE)

    def pending(self) -> str:
        """Return why the database is not up to date, or an empty string."""
        try:
            # In another thread: the check replaces the connection of its thread.
            with ThreadPoolExecutor(1) as executor:
                executor.submit(check_database).result()
        except (HealthCheckError, InterfaceError, OperationalError) as error:
            return str(error)
        return ""
