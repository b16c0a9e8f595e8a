"""`manage.py send_digests`: run it every few minutes."""

from django.core.management.base import BaseCommand, CommandError

from themis import conf
from themis.digests import send_due


class Command(BaseCommand):
    help = (
        "Sends the emails about unread notifications that are due: dangers at once, "
        "hourly and daily digests. None is lost if it is killed, run twice or run late."
    )

    def handle(self, *args: object, **options: object) -> None:
        if not conf.site_url():
            raise CommandError(
                "Emails link to this site: set THEMIS_SITE_URL, such as to "
                "https://app.example.com."
            )
        outcome = send_due()
        summary = f"Sent {outcome.sent} email(s), {outcome.failed} failed."
        if outcome.is_server_down:
            raise CommandError(
                f"{summary} The mail server does not answer. The next run continues."
            )
        self.stdout.write(summary)
