"""Run this every few minutes."""

from django.core.management.base import BaseCommand

from tracker.models import Report
from tracker.tasks import build_report


class Command(BaseCommand):
    help = "Build the reports whose tasks the broker refused or lost"

    def handle(self, *args: object, **options: object) -> None:
        reports = Report.objects.waiting()
        for report in reports:
            build_report(report.pk)
        self.stdout.write(f"Built {len(reports)} report(s)")
