"""What takes longer than a request. Without a broker it runs in the calling process."""

from celery import Task, shared_task
from django.db import transaction

from accounts.models import User
from tracker import triggers
from tracker.models import Project, Report


@shared_task
def build_report(report_id: int) -> None:
    """Make a report and notify who asked. Safe to run twice, or after a crash:
    the file and the notification are written together, once."""
    with transaction.atomic():
        for report in Report.objects.filter(pk=report_id):  # none when deleted since
            if report.build():
                triggers.report_ready(report)


@shared_task(bind=True)
def announce_to_team(
    self: "Task[..., None]", project_id: int, text: str, user_id: int
) -> None:
    """Notify a team of any size. A task that starts again, since its worker died, has
    the same id: nobody is notified twice."""
    by = User.objects.get(pk=user_id)
    for project in Project.objects.filter(pk=project_id):  # none when deleted since
        triggers.team_announcement(project, text, by, key=str(self.request.id))
