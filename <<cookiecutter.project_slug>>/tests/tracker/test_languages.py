"""Everybody reads their own language, whoever triggers the notification."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from themis.models import UserNotification, UserProfile
from tracker import triggers
from tracker.models import Comment, Project, Report, Task

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
    due(task, in_days=1)
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
    "assigned": lambda task, reader: triggers.task_assigned(task),
    "completed": created_by_the_reader,
    "reopened": lambda task, reader: triggers.task_reopened(task, task.project.owner),
    "review requested": owned_by_the_reader,
    "approved": asked_by_the_reader,
    "commented": commented,
    "overdue": overdue,
    "due soon": due_soon,
    "member added": lambda task, reader: triggers.members_added(
        task.project, {reader.pk}
    ),
    "announced": lambda task, reader: triggers.team_announcement(
        task.project, "We are live.", task.project.owner
    ),
    "report ready": reported,
}


def read(event: Event, key: int, language: str, active: str) -> tuple[str, str]:
    """What the assignee reads in their language, while another one is active."""
    UserNotification.objects.all().delete()
    UserProfile.objects.update(language=language)
    task = Task.objects.select_related("assignee", "project__owner").get(pk=key)
    with translation.override(active):
        event(task, User.objects.get(pk=task.assignee_id))
    notification = UserNotification.objects.get(user=task.assignee_id)
    return notification.title, notification.message


@pytest.mark.parametrize("name", EVENTS)
def test_text_is_in_the_readers_language_alone(task: Task, name: str) -> None:
    texts = {
        (language, active): read(EVENTS[name], task.pk, language, active)
        for language, active in product(LANGUAGES, LANGUAGES)
    }

    for language in LANGUAGES:
        assert len({texts[language, active] for active in LANGUAGES}) == 1
    titles = {title for title, _message in texts.values()}
    messages = {message for _title, message in texts.values()}
    assert len(titles) == len(LANGUAGES)
    assert len(messages) == (1 if name == "announced" else len(LANGUAGES))
    assert not any("{" in text for text in titles | messages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_date_is_in_the_readers_format(task: Task, member: User, language: str) -> None:
    UserProfile.objects.filter(user=member).update(
        language=language, date_format="d.m.Y"
    )
    overdue(task, member)

    day = Task.objects.get().due_date
    assert f"{day:%d.%m.%Y}" in member.notifications.get().message


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
    titles = UserNotification.objects.filter(user__username__in=LANGUAGES)
    assert titles.values("title").distinct().count() == len(LANGUAGES)
