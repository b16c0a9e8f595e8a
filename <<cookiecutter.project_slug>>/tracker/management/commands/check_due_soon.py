"""Run this every day."""

from django.core.management.base import BaseCommand

from tracker import triggers


class Command(BaseCommand):
    help = "Send reminders for tasks that are due today or tomorrow"

    def handle(self, *args: object, **options: object) -> None:
        sent = triggers.check_tasks_due_soon()
        self.stdout.write(f"Sent {sent} due-soon notification(s)")
