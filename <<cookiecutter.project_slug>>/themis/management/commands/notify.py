"""`manage.py notify`: notify a user, a group or everybody from a shell."""

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import router, transaction
from django.utils import timezone

from themis.models import Level, UserNotification
from themis.notifications import notify_users

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.db.models import QuerySet

NAMES = 10_000  # names that an unknown name is compared with


class Command(BaseCommand):
    help = (
        "Notifies a user, the active users of a group, or all active users. Shows how "
        "many users, and asks for confirmation. Skips users who have the same "
        "notification unread, so the command can be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.usage = "%(prog)s (USER | --all | --group NAME) TITLE [options]"
        parser.add_argument(
            "words", nargs="+", metavar="USER TITLE", help="a username and the title"
        )
        parser.add_argument(
            "--all", action="store_true", dest="everybody", help="all active users"
        )
        parser.add_argument("--group", metavar="NAME", help="its active users")
        parser.add_argument("--message", default="", help="the text below the title")
        parser.add_argument(
            "--level", default="info", help=f"{', '.join(Level.values)}; default: info"
        )
        parser.add_argument("--url", default="", help="the link of the notification")
        parser.add_argument(
            "--expires",
            metavar="WHEN",
            help="when to stop showing it, such as 2030-12-24T18:00, in the time zone "
            "of the server unless WHEN has one",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show how many, and notify nobody"
        )
        parser.add_argument(
            "--yes",
            "--no-input",
            "--noinput",
            action="store_false",
            dest="interactive",
            help="do not ask",
        )

    def handle(
        self,
        *args: object,
        words: Sequence[str],
        everybody: bool,
        group: str | None,
        message: str,
        level: str,
        url: str,
        expires: str | None,
        dry_run: bool,
        interactive: bool,
        **options: object,
    ) -> None:
        *username, title = words
        users = recipients(username, everybody, group)
        if level not in Level.values:
            raise unknown("level", level, Level.values, f"Use one of {Level.values}.")
        expires_at = moment(expires) if expires else None

        def send() -> int:
            try:
                return notify_users(
                    users,
                    title,
                    message,
                    level=level,
                    url=url,
                    deduplicate=True,
                    expires_at=expires_at,
                )
            except (TypeError, ValueError) as error:
                raise CommandError(str(error)) from error

        if dry_run or interactive:
            database = router.db_for_write(UserNotification)
            # Send, count, and roll back.
            with transaction.atomic(using=database):
                count = send()
                transaction.set_rollback(True, using=database)
            self.stdout.write(f"Would notify {count} of {number(users.count())}.")
            if count < users.count():
                self.stdout.write(
                    "The others have it unread, or their preferences exclude it."
                )
            if dry_run or not count:
                return
            confirm()
        self.stdout.write(f"Notified {number(send())}.")


def recipients(
    username: Sequence[str], everybody: bool, group: str | None
) -> "QuerySet[User]":
    """Return the users from exactly one of the three. Raise CommandError."""
    if len(username) > 1:
        raise CommandError('Put the title in quotes: notify ada "Two words".')
    if bool(username) + everybody + (group is not None) != 1:
        raise CommandError(
            "Name the recipients in one way: a username before the title, --group NAME "
            "or --all."
        )
    users = get_user_model()._default_manager.all()
    if everybody:
        return users.filter(is_active=True)
    if group is not None:
        if not Group.objects.filter(name=group).exists():
            names = Group.objects.order_by("name").values_list("name", flat=True)
            raise unknown("group", group, names, "The admin lists them.")
        return users.filter(is_active=True, groups__name=group)
    return users.filter(pk=find(username[0]).pk)


def find(username: str) -> "User":
    """Return the user with this name. Raise CommandError."""
    model = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(username)
    except model.DoesNotExist:
        names = model._default_manager.values_list(model.USERNAME_FIELD, flat=True)
        raise unknown("user", username, names, "Use the sign-in name.") from None


def unknown(what: str, name: str, names: Iterable[str], hint: str) -> CommandError:
    """Return the error, with the closest existing name or else the hint."""
    nearest = get_close_matches(name, islice(names, NAMES), n=1)
    fix = f"Did you mean {nearest[0]!r}?" if nearest else hint
    return CommandError(f"There is no {what} {name!r}. {fix}")


def moment(text: str) -> datetime:
    """Return a moment in the future. Raise CommandError."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--expires {text!r} is not a date and time, such as 2030-12-24T18:00."
        ) from None
    expires_at = timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed
    if expires_at <= timezone.now():
        raise CommandError(f"--expires {text!r} has passed: name a later time.")
    return expires_at


def confirm() -> None:
    """Ask for confirmation. Raise CommandError for anything but yes."""
    try:
        answer = input("Go on? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        raise CommandError("Nobody was notified: --yes skips the question.") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise CommandError("Nobody was notified.")


def number(users: int) -> str:
    return "1 user" if users == 1 else f"{users} users"
