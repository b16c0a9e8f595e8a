"""A team, its work and its notifications, to look around in."""

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user
from tracker import triggers
from tracker.models import Comment, Project, Report, Status, Task
from tracker.tasks import build_report

# Everybody knows it: the command refuses to run in production.
DEMO = "demo"

# user name, first name, last name, preferences
PEOPLE: list[tuple[str, str, str, dict[str, Any]]] = [
    (DEMO, "Dana", "Novák", {}),
    (
        "amelie",
        "Amélie",
        "Dubois",
        {
            "timezone": "Europe/Paris",
            "language": "fr",
            "date_format": "d/m/Y",
            "number_format": "1\u202f234\u202f567,89",
        },
    ),
    (
        "joerg",
        "Jörg",
        "Weiß",
        {
            "timezone": "Europe/Berlin",
            "language": "de",
            "date_format": "d.m.Y",
            "number_format": "1.234.567,89",
        },
    ),
    (
        "priya",
        "Priya",
        "Raman",
        {
            "timezone": "Asia/Kolkata",
            "date_format": "j M Y",
            "number_format": "12,34,567.89",
            "notification_min_level": "warning",
        },
    ),
    (
        "sofia",
        "Sofía",
        "Martínez",
        {
            "timezone": "America/Los_Angeles",
            "date_format": "m/d/Y",
            "time_format": "g:i A",
            "first_day_of_week": 7,
            "theme": "dark",
        },
    ),
    (
        "tadeo",
        "Tadeo",
        "Núñez",
        {"timezone": "America/Lima", "notifications_enabled": False},
    ),
]

# name, description, owner, the other members
PROJECTS = [
    (
        "Website relaunch",
        "The new public site, online before the spring fair.",
        DEMO,
        ["amelie", "joerg", "sofia", "tadeo"],
    ),
    (
        "Move to Kubernetes",
        "Every service in the cluster, and nobody woken at night.",
        "joerg",
        [DEMO, "priya", "sofia"],
    ),
    (
        "Customer onboarding",
        "From the signature to the first useful day in under a week.",
        "amelie",
        [DEMO, "priya"],
    ),
]

# project, who planned it, title, for whom, due in how many days
TASKS: list[tuple[int, str, str, str | None, int | None]] = [
    (0, "amelie", "Choose the photos for the start page", DEMO, -3),
    (0, DEMO, "Write the page about prices", "amelie", 0),
    (0, DEMO, "Redirect the old addresses", "joerg", 6),
    (0, "joerg", "Check the contrast of the new colors", "sofia", -1),
    (0, "sofia", "Ask the lawyers about the imprint", DEMO, 1),
    (0, DEMO, "Translate the menu into French", "amelie", 12),
    (0, "amelie", "Decide on the new logo", "sofia", -8),
    (0, DEMO, "Collect what customers say about us", None, None),
    (1, "joerg", "Deploy v2", "priya", -1),
    (1, "joerg", "Write the runbook for a full disk", DEMO, 3),
    (1, "priya", "Rehearse restoring the backup", "joerg", 1),
    (1, DEMO, "Rotate the database password", "priya", 20),
    (1, "sofia", "Set limits for the background workers", "sofia", None),
    (2, "amelie", "Shorten the form for new customers", DEMO, 9),
    (2, "amelie", "Record the welcome video", "priya", 2),
    (2, DEMO, "Ask ten customers how their first week was", "amelie", -2),
]


class Command(BaseCommand):
    help = "Load a team, its tasks and notifications. For development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The sample users have a password that everybody knows: load them in "
                "development only, with DEBUG=True."
            )
        if User.objects.filter(username=DEMO).exists():
            self.stdout.write("The sample data is there already.")
        else:
            load()
            self.stdout.write(
                f"Loaded {len(PEOPLE)} people, {len(PROJECTS)} projects and "
                f"{len(TASKS)} tasks."
            )
        others = ", ".join(username for username, *_rest in PEOPLE[1:])
        self.stdout.write(f"Everybody has the same password: {others} too.")
        self.stdout.write(f"Log in as {DEMO}, password {DEMO}.")


@transaction.atomic
def load() -> None:
    password = make_password(DEMO)  # slow on purpose: once is enough
    people = {row[0]: _person(password, *row) for row in PEOPLE}
    demo = people[DEMO]
    demo.is_staff = demo.is_superuser = True
    demo.save()
    projects = []
    for name, description, owner, members in PROJECTS:
        project = Project.objects.create(
            name=name, description=description, owner=people[owner]
        )
        project.members.add(people[owner], *(people[member] for member in members))
        projects.append(project)
    tasks = {}
    for number, creator, title, assignee, due_in in TASKS:
        task = Task(
            project=projects[number],
            title=title,
            created_by=people[creator],
            assignee=people[assignee] if assignee else None,
            due_date=_in_days(due_in),
        )
        task.changed_by = people[creator]
        task.save()
        tasks[title] = task
    _history(people, projects, tasks)


def _in_days(days: int | None) -> date | None:
    return None if days is None else timezone.localdate() + timedelta(days=days)


def _person(
    password: str,
    username: str,
    first_name: str,
    last_name: str,
    preferences: dict[str, Any],
) -> User:
    email = f"{username}@example.com"
    user = User.objects.create(
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    UserProfile.objects.filter(user=user).update(**preferences)
    return User.objects.get(pk=user.pk)  # with the profile as it is now


def _history(
    people: dict[str, User], projects: list[Project], tasks: dict[str, Task]
) -> None:
    """What happened since, told by the triggers, and what Dana did about it."""
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
    mailbox.from_source("tracker", triggers.PROGRESS, str(menu.pk)).dismiss()

    redirects = tasks["Redirect the old addresses"]
    redirects.request_review(by=joerg)
    triggers.review_requested(redirects, by=joerg)
    triggers.team_announcement(
        projects[0], "The fair is a week earlier. We go online on the 1st.", by=amelie
    )
    report = Report.objects.create(project=projects[0], requested_by=demo)
    build_report(report.pk)
    notify_user(
        demo,
        "Maintenance tonight",
        "The tracker is read-only from 22:00 to 22:15.",
        level="warning",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    mailbox.filter(title="Maintenance tonight").update(
        expires_at=timezone.now() - timedelta(hours=1)
    )
    triggers.check_tasks_due_soon()
    triggers.check_overdue_tasks()
    _comment(tasks["Choose the photos for the start page"], amelie, "Any news?")
    _spread_over_the_week(demo)


def _comment(task: Task, author: User, text: str) -> None:
    triggers.comment_added(Comment.objects.create(task=task, author=author, text=text))


def _spread_over_the_week(user: User) -> None:
    newest_first = UserNotification.objects.filter(user=user).order_by("-id")
    for age, notification in enumerate(newest_first):
        created_at = timezone.now() - timedelta(hours=7 * age, minutes=11 * age + 2)
        newest_first.filter(pk=notification.pk).update(created_at=created_at)
