"""Who is told what, and when. This is the file to change.

One function for each event. Signals, views, commands and background tasks call these
and decide nothing themselves. To make the rules your own:

* another wording, level or recipient: change the function of that event;
* another event: write a function here, and call it where the event happens;
* another time for the reminders: change `TaskQuerySet.due_soon()`, or the schedule of
  the commands `check_overdue` and `check_due_soon`;
* an event that nobody needs: delete its function, and the line that calls it.

Each text is put together in the language and the formats of the one who reads it.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from themis import formatting
from themis.formatting import format_date
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user, notify_users
from tracker.models import Comment, Project, Report, Task, TaskQuerySet

# What a notification is about. `deduplicate` skips one whose source has an unread
# notification already: with one source for all of them, an unread "assigned" would
# hide "overdue". Add a new one to `SUBJECTS` below.
DUE, ASSIGNED, REVIEW, PROGRESS = "Task", "Task.assigned", "Task.review", "Task.done"

# What the clocks of the world show: between UTC-12 and UTC+14.
FURTHEST_BEHIND, FURTHEST_AHEAD = timedelta(hours=12), timedelta(hours=14)


# Tasks: assigned (signal), completed (view), reviewed (view), commented on (view)


def task_assigned(task: Task) -> None:
    """Somebody is to do it, from the start or instead of another. Tell them."""
    if task.assignee is None or task.assignee == task.changed_by:
        return
    with as_read_by(task.assignee):
        notify_user(
            user=task.assignee,
            title=_("Task assigned: %(task)s") % {"task": task},
            message=_("You've been assigned to “%(task)s” in %(project)s.")
            % {"task": task, "project": task.project},
            level="info",
            url=task.get_absolute_url(),
            source_app="tracker",
            source_model=ASSIGNED,
            source_id=str(task.pk),
            deduplicate=True,
        )


def task_completed(task: Task, by: User) -> None:
    """It is done: tell who wanted it, and take the reminders back."""
    reminders_outdated(task)
    if task.created_by is None or task.created_by == by:
        return
    with as_read_by(task.created_by):
        notify_user(
            user=task.created_by,
            title=_("Task completed: %(task)s") % {"task": task},
            message=_("%(user)s completed “%(task)s”.") % {"user": by, "task": task},
            level="success",
            url=task.get_absolute_url(),
            source_app="tracker",
            source_model=PROGRESS,
            source_id=str(task.pk),
        )


def task_reopened(task: Task, by: User) -> None:
    """It is not done after all: tell who works on it."""
    if task.assignee is None or task.assignee == by:
        return
    with as_read_by(task.assignee):
        notify_user(
            user=task.assignee,
            title=_("Task reopened: %(task)s") % {"task": task},
            message=_("%(user)s took “%(task)s” back to work.")
            % {"user": by, "task": task},
            level="warning",
            url=task.get_absolute_url(),
            source_app="tracker",
            source_model=PROGRESS,
            source_id=str(task.pk),
        )


def review_requested(task: Task, by: User) -> None:
    """Somebody asks for approval: tell the owner of the project, who can give it."""
    owner = task.project.owner
    if owner == by:
        return
    with as_read_by(owner):
        notify_user(
            user=owner,
            title=_("Review requested: %(task)s") % {"task": task},
            message=_("%(user)s asks you to approve “%(task)s”.")
            % {"user": by, "task": task},
            level="info",
            url=task.get_absolute_url(),
            source_app="tracker",
            source_model=REVIEW,
            source_id=str(task.pk),
            deduplicate=True,
        )


def request_approved(task: Task, by: User) -> None:
    """The owner approved: tell who asked, and take the reminders back."""
    reminders_outdated(task)
    if task.review_requested_by is None or task.review_requested_by == by:
        return
    with as_read_by(task.review_requested_by):
        notify_user(
            user=task.review_requested_by,
            title=_("Request approved"),
            message=_("Your request “%(task)s” has been approved.") % {"task": task},
            level="success",
            url=task.get_absolute_url(),
            source_app="tracker",
            source_model=REVIEW,
            source_id=str(task.pk),
        )


def comment_added(comment: Comment) -> None:
    """Tell everyone who has to do with the task, but not the author."""
    task = comment.task
    involved = User.objects.filter(
        Q(pk__in=[task.assignee_id, task.created_by_id])
        | Q(pk__in=task.comments.values("author"))
    ).filter(projects=task.project)  # who left no longer sees what is said there
    others = involved.exclude(pk__in=[comment.author_id])
    for language, users in by_language(others):
        with translation.override(language):
            notify_users(
                users,
                title=_("New comment: %(task)s") % {"task": task},
                message=_("%(user)s commented on “%(task)s”.")
                % {"user": comment.author, "task": task},
                level="info",
                url=comment.get_absolute_url(),
                source_app="tracker",
                source_model="Comment",
                source_id=str(comment.pk),
            )


# Due dates: two management commands, for a daily CronJob. A day begins and ends at
# midnight where the assignee is: each is told by their own calendar.


def check_overdue_tasks() -> int:
    """Tells the assignees of overdue tasks, until they read it. Returns how many."""
    sent = 0
    latest_today = (timezone.now() + FURTHEST_AHEAD).date()
    for task, assignee in assigned(Task.objects.overdue(latest_today)):
        with as_read_by(assignee):
            if not task.is_overdue:
                continue
            notification = notify_user(
                user=assignee,
                title=_("Overdue: %(task)s") % {"task": task},
                message=_("Task was due %(day)s.")
                % {"day": format_date(task.due_date)},
                level="danger",
                url=task.get_absolute_url(),
                source_app="tracker",
                source_model=DUE,
                source_id=str(task.pk),
                deduplicate=True,  # not again while it is unread
            )
        sent += notification is not None
    return sent


def check_tasks_due_soon() -> int:
    """Reminds of tasks that are due today or tomorrow, once. Returns how many.

    The reminder expires when the due date is over: from then on the task is overdue.
    """
    sent = 0
    earliest_today = (timezone.now() - FURTHEST_BEHIND).date()
    latest_today = (timezone.now() + FURTHEST_AHEAD).date()
    due_soon = Task.objects.due_soon(earliest_today, latest_today)
    for task, assignee in assigned(due_soon):
        with as_read_by(assignee):
            if not task.is_due_soon or _was_reminded(assignee, task):
                continue
            notification = notify_user(
                user=assignee,
                title=_("Due soon: %(task)s") % {"task": task},
                message=_("Task is due %(day)s.") % {"day": format_date(task.due_date)},
                level="warning",
                url=task.get_absolute_url(),
                source_app="tracker",
                source_model=DUE,
                source_id=str(task.pk),
                deduplicate=True,
                expires_at=task.deadline,
            )
        sent += notification is not None
    return sent


def _was_reminded(user: User, task: Task) -> bool:
    """Whether this reminder was sent before, read or not."""
    reminders = UserNotification.objects.from_source("tracker", DUE, str(task.pk))
    return reminders.filter(user=user, expires_at=task.deadline).exists()


def reminders_outdated(task: Task) -> None:
    """The task is done, or due on another day, or somebody else's."""
    UserNotification.objects.from_source("tracker", DUE, str(task.pk)).dismiss()


# Projects: new members (signal), a word to the whole team (view)


def members_added(project: Project, user_ids: set[int]) -> None:
    """People joined the team. Tell them, but not the owner, who made it."""
    new = User.objects.filter(pk__in=user_ids).exclude(pk=project.owner_id)
    for language, users in by_language(new):
        with translation.override(language):
            notify_users(
                users,
                title=_("Welcome to %(project)s") % {"project": project},
                message=_("You are a member of “%(project)s” now.")
                % {"project": project},
                level="info",
                url=project.get_absolute_url(),
                source_app="tracker",
                source_model="Project",
                source_id=str(project.pk),
                deduplicate=True,
            )


def team_announcement(project: Project, text: str, by: User, key: str = "") -> int:
    """A word to the whole team, but not to the one who says it. Returns to how many.

    With a `key`, the same announcement is not made twice.
    """
    told = 0
    for language, users in by_language(project.members.exclude(pk=by.pk)):
        with translation.override(language):
            told += notify_users(
                users,
                title=_("%(user)s to %(project)s") % {"user": by, "project": project},
                message=text,
                level="info",
                url=project.get_absolute_url(),
                source_app="tracker",
                source_model="Project.announcement",
                source_id=f"{project.pk}:{key}",
                deduplicate=bool(key),
            )
    return told


# Reports: a background task


def report_ready(report: Report) -> None:
    """The export is made: tell who asked for it. Twice made is once told."""
    with as_read_by(report.requested_by):
        notify_user(
            user=report.requested_by,
            title=_("Report ready"),
            message=_("Your report “%(report)s” is ready to download.")
            % {"report": report},
            level="success",
            url=report.get_absolute_url(),
            source_app="tracker",
            source_model="Report",
            source_id=str(report.pk),
            deduplicate=True,
        )


# Clean-up: what a notification is about is deleted (signal)

SUBJECTS: dict[type[Model], list[str]] = {
    Comment: ["Comment"],
    Project: ["Project", "Project.announcement"],
    Report: ["Report"],
    Task: [DUE, ASSIGNED, REVIEW, PROGRESS],
}


def source_deleted(instance: Model) -> None:
    """Its notifications lead nowhere: delete them too."""
    UserNotification.objects.filter(
        source_app="tracker",
        source_model__in=SUBJECTS[type(instance)],
    ).filter(
        Q(source_id=str(instance.pk)) | Q(source_id__startswith=f"{instance.pk}:")
    ).delete()


# How they are addressed


def as_read_by(user: User) -> AbstractContextManager[None]:
    """Inside, the language, the formats and the calendar are the user's."""
    return formatting.override(user.profile)


def by_language(users: QuerySet[User]) -> list[tuple[str, QuerySet[User]]]:
    """The same users, apart by the language that they read."""
    codes = {settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)}
    return [
        (
            code,
            # Who reads none of them, or has no profile, reads the site's language.
            users.exclude(profile__language__in=codes - {code})
            if code == settings.LANGUAGE_CODE
            else users.filter(profile__language=code),
        )
        for code in sorted(codes)
    ]


def assigned(tasks: TaskQuerySet) -> Iterator[tuple[Task, User]]:
    """The tasks that somebody is to do, each with who that is."""
    for task in tasks.select_related("assignee__profile").in_batches():
        if task.assignee is not None:
            yield task, task.assignee
