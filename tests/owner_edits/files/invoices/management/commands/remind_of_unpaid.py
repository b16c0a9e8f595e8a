from django.core.management.base import BaseCommand

from invoices import triggers


class Command(BaseCommand):
    help = "Remind customers of what they have not paid."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"Reminded {triggers.remind_of_unpaid()}.")
