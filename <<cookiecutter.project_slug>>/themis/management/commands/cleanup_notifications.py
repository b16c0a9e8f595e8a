"""`manage.py cleanup_notifications`: run it once a day."""

from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.utils import timezone

from themis import conf
from themis.models import UserNotification

WINDOW = 50_000  # primary keys in one transaction
LARGEST_AGE = 36_500  # days; older than any row, and still a valid date


def days(text: str) -> int:
    """A whole number of days. Raises ArgumentTypeError."""
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
        # Each statement is a transaction of its own: killed at any moment, or run twice
        # at once, the command leaves nothing half done.
        for first, last in self.windows():
            for reason, notifications in reasons.items():
                window = notifications.filter(pk__gte=first, pk__lte=last)
                counts[reason] += window.count() if dry_run else window.delete()[0]
            self.progress(counts)
        summary = ", ".join(f"{counts[reason]} {reason}" for reason in reasons)
        verb = "Would delete" if dry_run else "Deleted"
        self.stdout.write(f"{verb} {counts.total()} notification(s): {summary}.")

    def windows(self) -> Iterator[tuple[int, int]]:
        """Ranges of at most 50,000 existing primary keys, from the oldest on."""
        keys = UserNotification.objects.order_by("pk").values_list("pk", flat=True)
        first = keys.first()
        while first is not None:
            following = keys.filter(pk__gte=first)[WINDOW : WINDOW + 1].first()
            last = keys.last() if following is None else following - 1
            if last is not None:
                yield first, last
            first = following

    def progress(self, counts: Counter[str]) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{counts.total()} …", ending="")
            self.stdout.flush()
