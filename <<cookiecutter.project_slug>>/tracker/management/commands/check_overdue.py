"""Run this every day."""

from django.core.management.base import BaseCommand

from tracker import triggers


class Command(BaseCommand):
    help = "Send notifications for overdue tasks"

    def handle(self, *args: object, **options: object) -> None:
        sent = triggers.check_overdue_tasks()
        self.stdout.write(f"Sent {sent} overdue notification(s)")
