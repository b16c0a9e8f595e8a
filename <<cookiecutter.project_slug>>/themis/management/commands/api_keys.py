"""`manage.py api_keys`: issue, list and revoke API keys, and warn before expiry."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from themis import api_keys
from themis.models import APIKey

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class Command(BaseCommand):
    help = "Issues, lists and revokes API keys, and warns owners before they expire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        issue = commands.add_parser("issue", help="create a key and print it, once")
        issue.add_argument("username")
        issue.add_argument("name", help="what the key is for")
        issue.add_argument("--scope", action="append", default=[], dest="scopes")
        issue.add_argument(
            "--network",
            action="append",
            default=[],
            dest="networks",
            help="where it may be used from, such as 192.0.2.0/24; default: anywhere",
        )
        issue.add_argument("--days", type=int, default=api_keys.LIFETIME_DAYS)
        listing = commands.add_parser("list", help="show the active keys")
        listing.add_argument("--username")
        listing.add_argument(
            "--all",
            action="store_true",
            dest="with_inactive",
            help="include revoked and expired keys",
        )
        revoke = commands.add_parser("revoke", help="revoke a key permanently")
        revoke.add_argument("id", type=int, help="the id that `list` shows")
        commands.add_parser("warn", help="notify owners of keys that expire in a week")

    def handle(self, *args: str, command: str, **options: object) -> None:
        getattr(self, command)(**options)

    def issue(
        self,
        username: str,
        name: str,
        scopes: Sequence[str],
        networks: Sequence[str],
        days: int,
        **options: object,
    ) -> None:
        if not 1 <= days <= api_keys.LONGEST_DAYS:
            raise CommandError(f"--days is not from 1 to {api_keys.LONGEST_DAYS}.")
        try:
            key, text = api_keys.issue(
                self.user(username), name, scopes, days=days, networks=networks
            )
        except (api_keys.IssueError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"Key {key.pk} of {printable(str(key.user))}, "
            f"until {key.expires_at:%Y-%m-%d}."
        )
        self.stdout.write(text)

    def list(
        self, username: str | None, with_inactive: bool, **options: object
    ) -> None:
        keys = APIKey.objects.select_related("user").order_by("id")
        if not with_inactive:
            keys = keys.active()
        if username:
            keys = keys.filter(user=self.user(username))
        for key in keys.iterator():
            state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}"
            columns = (key.pk, key.user, key, " ".join(key.scopes) or "-", state)
            self.stdout.write("\t".join(printable(str(column)) for column in columns))

    def revoke(self, id: int, **options: object) -> None:
        if not APIKey.objects.filter(pk=id).revoke(by=None):
            raise CommandError(f"There is no active key {id}.")
        self.stdout.write(f"Revoked key {id}.")

    def warn(self, **options: object) -> None:
        self.stdout.write(f"Warned of {api_keys.warn_of_expiry()} key(s).")

    def user(self, username: str) -> "User":
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(username)
        except model.DoesNotExist:
            raise CommandError(f"There is no user {username!r}.") from None


def printable(text: str) -> str:
    """Return the text without control characters and line breaks."""
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )
