"""For development: `make demo` runs it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from tracker.sample_data.data import DEMO, PEOPLE, PLANS, TEAMS
from tracker.sample_data.load import load


class Command(BaseCommand):
    help = "Load a team, its tasks and notifications. For development only."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The password of the sample users is public: load them in "
                "development only, with DEBUG=True."
            )
        if User.objects.filter(username=DEMO).exists():
            self.stdout.write("The sample data is already loaded.")
        else:
            load()
            self.stdout.write(
                f"Loaded {len(PEOPLE)} people, {len(TEAMS)} projects and "
                f"{len(PLANS)} tasks."
            )
        others = ", ".join(person.username for person in PEOPLE[1:])
        self.stdout.write(f"The same password works for {others}.")
        self.stdout.write(f"Sign in as {DEMO}, password {DEMO}.")
