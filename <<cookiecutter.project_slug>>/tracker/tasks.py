"""What takes longer than a request. Without a broker it runs in the calling process."""

from celery import shared_task
from django.db import transaction

from tracker import triggers
from tracker.models import Report


@shared_task
def build_report(report_id: int) -> None:
    """Makes a report's file and tells its owner. Safe to run twice, or after a crash:
    the file and the notification are written together, once."""
    with transaction.atomic():
        for report in Report.objects.filter(pk=report_id):  # none when deleted since
            if report.build():
                triggers.report_ready(report)
