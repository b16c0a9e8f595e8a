"""Users get notifications in their own language, whoever triggers them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from themis.models import UserNotification, UserProfile
from tracker import triggers
from tracker.models import Comment, Invitation, Project, Report, Task

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
Event = Callable[[Task, User], object]


def due(task: Task, in_days: int) -> None:
    day = timezone.localdate() + timedelta(days=in_days)
    Task.objects.filter(pk=task.pk).update(due_date=day)


def overdue(task: Task, reader: User) -> None:
    due(task, in_days=-2)
    triggers.check_overdue_tasks()


def due_soon(task: Task, reader: User) -> None:
    due(task, in_days=0)
    triggers.check_tasks_due_soon()


def commented(task: Task, reader: User) -> None:
    author = task.project.owner
    triggers.comment_added(Comment.objects.create(task=task, author=author, text="Hi"))


def created_by_the_reader(task: Task, reader: User) -> None:
    task.created_by = reader
    triggers.task_completed(task, by=task.project.owner)


def owned_by_the_reader(task: Task, reader: User) -> None:
    task.project.owner, by = reader, task.project.owner
    triggers.review_requested(task, by=by)


def asked_by_the_reader(task: Task, reader: User) -> None:
    task.review_requested_by = reader
    triggers.request_approved(task, by=task.project.owner)


def reported(task: Task, reader: User) -> None:
    report = Report.objects.create(project=task.project, requested_by=reader)
    triggers.report_ready(report)


EVENTS: dict[str, Event] = {
    "user_signed_up": lambda task, reader: triggers.user_signed_up(reader),
    "task_assigned": lambda task, reader: triggers.task_assigned(task),
    "task_completed": created_by_the_reader,
    "task_reopened": lambda task, reader: triggers.task_reopened(
        task, task.project.owner
    ),
    "review_requested": owned_by_the_reader,
    "request_approved": asked_by_the_reader,
    "comment_added": commented,
    "check_overdue_tasks": overdue,
    "check_tasks_due_soon": due_soon,
    "member_invited": lambda task, reader: triggers.member_invited(
        Invitation.objects.update_or_create(
            project=task.project,
            user=reader,
            defaults={"invited_by": task.project.owner},
        )[0]
    ),
    "members_added": lambda task, reader: triggers.members_added(
        task.project, {reader.pk}
    ),
    "team_announcement": lambda task, reader: triggers.team_announcement(
        task.project, "We are live.", task.project.owner
    ),
    "report_ready": reported,
}
RULES = [name for name in EVENTS if hasattr(triggers, name)]


def read(rule: str, key: int, language: str, active: str) -> set[tuple[str, str]]:
    """What users read in their language, while another one is active."""
    UserNotification.objects.all().delete()
    UserProfile.objects.update(language=language)
    task = Task.objects.select_related("assignee", "project__owner").get(pk=key)
    with translation.override(active):
        EVENTS[rule](task, User.objects.get(pk=task.assignee_id))
    return set(UserNotification.objects.values_list("title", "message"))


@pytest.mark.parametrize("rule", RULES)
def test_text_depends_only_on_the_reader(task: Task, rule: str) -> None:
    for language in LANGUAGES:
        texts = [read(rule, task.pk, language, active) for active in LANGUAGES]
        assert texts[0]
        assert all(each == texts[0] for each in texts)
        assert not any("{" in text for each in texts[0] for text in each)


def test_date_is_in_the_readers_format(task: Task, member: User) -> None:
    UserProfile.objects.filter(user=member).update(date_format="d.m.Y")
    overdue(task, member)

    due_date, message = Task.objects.get().due_date, member.notifications.get().message
    assert str(due_date) not in message
    assert str(due_date.year) not in message or f"{due_date:%d.%m.%Y}" in message


def test_announcement_reaches_every_language_once(
    project: Project, owner: User, member: User
) -> None:
    for code in (*LANGUAGES, "xx"):
        reader = User.objects.create_user(code)
        UserProfile.objects.filter(user=reader).update(language=code)
        project.members.add(reader)
    UserProfile.objects.filter(user=member).delete()
    UserNotification.objects.all().delete()

    sent = triggers.team_announcement(project, "We are live.", by=owner)

    assert sent == len(LANGUAGES) + 2
    assert UserNotification.objects.values("user").distinct().count() == sent
