"""`manage.py api_keys`: issues, lists and revokes API keys, and warns of their end."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from themis import api_keys
from themis.models import APIKey


class Command(BaseCommand):
    help = "Issues, lists and revokes API keys, and warns owners of their expiry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        issue = commands.add_parser("issue", help="make a key and print it, once")
        issue.add_argument("username")
        issue.add_argument("name", help="what it is for")
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
        listing.add_argument("--all", action="store_true", help="the others too")
        revoke = commands.add_parser("revoke", help="revoke a key for good")
        revoke.add_argument("id", type=int, help="as `list` shows it")
        commands.add_parser("warn", help="notify owners of keys that expire in a week")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        getattr(self, command)(options)

    def issue(self, options: dict[str, Any]) -> None:
        days = options["days"]
        if not 1 <= days <= api_keys.LONGEST_DAYS:
            raise CommandError(f"--days is not from 1 to {api_keys.LONGEST_DAYS}.")
        try:
            key, text = api_keys.issue(
                self.user(options["username"]),
                options["name"],
                options["scopes"],
                days=days,
                networks=options["networks"],
            )
        except (api_keys.IssueError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"Key {key.pk} of {key.user}, until {key.expires_at:%Y-%m-%d}."
        )
        self.stdout.write(text)

    def list(self, options: dict[str, Any]) -> None:
        keys = APIKey.objects.select_related("user").order_by("id")
        if not options["all"]:
            keys = keys.active()
        if options["username"]:
            keys = keys.filter(user=self.user(options["username"]))
        for key in keys.iterator():
            state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}"
            columns = (key.pk, key.user, key, " ".join(key.scopes) or "-", state)
            self.stdout.write("\t".join(str(column) for column in columns))

    def revoke(self, options: dict[str, Any]) -> None:
        keys = APIKey.objects.filter(pk=options["id"])
        if not keys.revoke(by=None):
            raise CommandError(f"There is no active key {options['id']}.")
        self.stdout.write(f"Revoked key {options['id']}.")

    def warn(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"Warned of {api_keys.warn_of_expiry()} key(s).")

    def user(self, username: str) -> Any:
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(username)
        except model.DoesNotExist:
            raise CommandError(f"There is no user {username!r}.") from None
