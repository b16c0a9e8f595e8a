"""What happened after the sample team planned its work."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from themis.models import UserNotification
from themis.notifications import notify_user
from tracker import sources, triggers
from tracker.models import Comment, Project, Report, Status, Task
from tracker.sample_data.data import DEMO
from tracker.sources import notifications_about
from tracker.tasks import build_report


def happen(
    people: dict[str, User], projects: list[Project], tasks: dict[str, Task]
) -> None:
    """Let the triggers notify, and let Dana react."""
    demo, amelie, joerg = people[DEMO], people["amelie"], people["joerg"]
    sofia, mailbox = people["sofia"], demo.notifications

    Task.objects.filter(title__in=["Redirect the old addresses", "Deploy v2"]).update(
        status=Status.IN_PROGRESS
    )
    _comment(tasks["Write the page about prices"], amelie, "Three plans or four?")
    _comment(tasks["Write the page about prices"], demo, "Three. Nobody chose the 4th.")
    _comment(tasks["Deploy v2"], joerg, "Waiting for the certificate.")
    mailbox.all().mark_read()

    logo = tasks["Decide on the new logo"]
    logo.complete()
    triggers.task_completed(logo, by=sofia)
    menu = tasks["Translate the menu into French"]
    menu.complete()
    triggers.task_completed(menu, by=amelie)
    runbook = tasks["Write the runbook for a full disk"]
    runbook.request_review(by=demo)
    triggers.review_requested(runbook, by=demo)
    runbook.approve()
    triggers.request_approved(runbook, by=joerg)
    notifications_about(sources.PROGRESS, menu).filter(user=demo).dismiss()

    redirects = tasks["Redirect the old addresses"]
    redirects.request_review(by=joerg)
    triggers.review_requested(redirects, by=joerg)
    triggers.team_announcement(
        projects[0],
        "The fair is a week earlier. We go online on the 1st.",
        by=amelie,
        expires_at=timezone.now() + timedelta(weeks=2),
    )
    build_report(Report.objects.create(project=projects[0], requested_by=demo).pk)
    _maintain(demo)
    triggers.check_tasks_due_soon()
    triggers.check_overdue_tasks()
    _comment(tasks["Choose the photos for the start page"], amelie, "Any news?")
    _spread_over_the_week(demo)


def _comment(task: Task, author: User, text: str) -> None:
    triggers.comment_added(Comment.objects.create(task=task, author=author, text=text))


def _maintain(user: User) -> None:
    """Send a notification that has already expired."""
    notification = notify_user(
        user,
        "Maintenance tonight",
        "The tracker is read-only from 22:00 to 22:15.",
        level="warning",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    if notification:
        notification.expires_at = timezone.now() - timedelta(hours=1)
        notification.save()


def _spread_over_the_week(user: User) -> None:
    newest_first = UserNotification.objects.filter(user=user).order_by("-id")
    for age, notification in enumerate(newest_first):
        created_at = timezone.now() - timedelta(hours=7 * age, minutes=11 * age + 2)
        newest_first.filter(pk=notification.pk).update(created_at=created_at)
