"""Work that takes too long for a request."""

from datetime import datetime

from celery import shared_task
from django.db import transaction

from accounts.models import User
from tracker import triggers
from tracker.models import Project, Report


@shared_task
def build_report(report_id: int) -> None:
    """Build a report and notify the user who requested it. Safe to run twice, or after
    a crash: the file and the notification are written once, in one transaction."""
    with transaction.atomic():
        for report in Report.objects.filter(pk=report_id):  # none if deleted by now
            if report.build():
                triggers.report_ready(report)


@shared_task
def announce_to_team(
    project_id: int,
    text: str,
    user_id: int,
    key: str,
    expires_at: datetime | None = None,
) -> None:
    """Notify a team of any size, once for each key. Safe to run twice, or after a
    crash: no member is notified twice."""
    by = User.objects.get(pk=user_id)
    for project in Project.objects.filter(pk=project_id):  # none if deleted by now
        triggers.team_announcement(project, text, by, key, expires_at)
