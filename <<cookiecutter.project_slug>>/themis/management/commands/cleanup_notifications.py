"""`manage.py cleanup_notifications`: run it once a day."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from themis import conf
from themis.models import UserNotification
from themis.models.mailbox import NotificationQuerySet

FEWEST, MOST = 20, 20_000  # keys that one transaction covers
# The target duration of a transaction, in seconds. SQLite has one writer at a time, and
# a waiting one retries within 25 ms, so the command pauses for as long.
SECONDS, SECONDS_ON_SQLITE = 0.25, 0.025
PAUSE = 0.025
LARGEST_AGE = 36_500  # days; older than any row, and still a valid date


def days(text: str) -> int:
    """Return a whole number of days. Raise ArgumentTypeError."""
    if text.isascii() and text.isdigit() and len(text) <= 5:
        number = int(text)
        if number <= LARGEST_AGE:
            return number
    raise ArgumentTypeError(
        f"{text!r} is not a whole number of days from 0 to {LARGEST_AGE}."
    )


class Command(BaseCommand):
    help = (
        "Deletes expired notifications, and read or dismissed ones that are older than "
        "their user's retention days or the ceiling. Unread ones are kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--max-age-days",
            type=days,
            metavar="N",
            help="the ceiling; by default the setting THEMIS_NOTIFICATION_MAX_AGE_DAYS",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be deleted"
        )

    def handle(
        self,
        *args: object,
        max_age_days: int | None,
        dry_run: bool,
        **options: object,
    ) -> None:
        ceiling = conf.max_age_days() if max_age_days is None else max_age_days
        reasons = UserNotification.objects.deletable(timezone.now(), ceiling)
        counts: Counter[str] = Counter()
        # Each statement is its own transaction, so the command may be killed at any
        # time, or run twice at once.
        for reason, notifications in reasons.items():
            if dry_run:
                counts[reason] = notifications.count()
                continue
            for deleted in self.delete(notifications):
                counts[reason] += deleted
                self.progress(counts)
        summary = ", ".join(f"{counts[reason]} {reason}" for reason in reasons)
        verb = "Would delete" if dry_run else "Deleted"
        self.stdout.write(f"{verb} {counts.total()} notification(s): {summary}.")

    def delete(self, notifications: NotificationQuerySet) -> Iterator[int]:
        """Delete them, oldest first. Yield how many each transaction has deleted.

        Each transaction covers a range of primary keys, so it reads no other rows,
        whatever plan the database chooses. The command stops at the key that was the
        last at its start, because other processes keep writing.
        """
        is_sqlite = connections[notifications.db].vendor == "sqlite"
        seconds = SECONDS_ON_SQLITE if is_sqlite else SECONDS
        keys = (
            UserNotification.objects.using(notifications.db)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        size, newest, first = min(10 * FEWEST, MOST), keys.last() or 0, keys.first()
        while first is not None and first <= newest:
            end = first + size
            start = time.monotonic()
            yield notifications.filter(pk__gte=first, pk__lt=end).delete()[0]
            took = time.monotonic() - start
            size = round(size * min(max(seconds / max(took, 1e-6), 0.1), 2))
            size = min(max(size, FEWEST), MOST)
            if is_sqlite:
                time.sleep(PAUSE)
            first = keys.filter(pk__gte=end).first()  # over gaps of any size

    def progress(self, counts: Counter[str]) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{counts.total()} …", ending="")
            self.stdout.flush()
