"""Who is notified of what, and when. This is the file to change.

One function for each event. Signals, views, commands and background tasks call them
and decide nothing themselves. To make the rules your own:

* a different text, level or recipient: change the function of that event;
* a new event: write a function here, and call it where the event happens;
* a different time for reminders: change `DUE_SOON` in `tracker/models/due_dates.py`;
* an event that nobody needs: delete its function, the lines that call it, and its
  file in `tests/tracker/triggers/`.

Texts are lazy: Themis renders them for each recipient, in their language and formats.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from themis.models import UserNotification
from themis.notifications import notify_user, notify_users
from tracker import sources
from tracker.models import Comment, Invitation, Project, Report, Task
from tracker.models.due_dates import due_soon, overdue
from tracker.sources import about, notifications_about, notifications_about_comments


def user_signed_up(user: User) -> None:
    """Welcome a new user, with a link to their settings."""
    notify_user(
        user,
        format_lazy(_("Welcome to {project}"), project=settings.PROJECT_NAME),
        _("Choose your time zone, date formats and which notifications you get."),
        level="success",
        url=reverse("themis:settings"),
        source_app=sources.APP,
        source_model=sources.WELCOME,
        source_id=str(user.pk),
        deduplicate=True,
    )


def task_assigned(task: Task) -> None:
    """Notify the assignee, unless they assigned the task to themselves."""
    if task.assignee and task.assignee != task.changed_by:
        notify_user(
            task.assignee,
            format_lazy(_("Task assigned: {task}"), task=task),
            format_lazy(
                _("You've been assigned to “{task}” in {project}."),
                task=task,
                project=task.project,
            ),
            level="info",
            **about(sources.ASSIGNED, task),
            deduplicate=True,
        )


def task_completed(task: Task, by: User) -> None:
    """Notify the creator, and dismiss the reminders."""
    reminders_outdated(task)
    if task.created_by and task.created_by != by:
        notify_user(
            task.created_by,
            format_lazy(_("Task completed: {task}"), task=task),
            format_lazy(_("{user} completed “{task}”."), user=by, task=task),
            level="success",
            **about(sources.PROGRESS, task),
        )


def task_reopened(task: Task, by: User) -> None:
    """Notify the assignee that the task is not done after all."""
    if task.assignee and task.assignee != by:
        notify_user(
            task.assignee,
            format_lazy(_("Task reopened: {task}"), task=task),
            format_lazy(_("{user} reopened “{task}”."), user=by, task=task),
            level="warning",
            **about(sources.PROGRESS, task),
        )


def review_requested(task: Task, by: User) -> None:
    """Notify the owner of the project, who can approve."""
    if task.project.owner != by:
        notify_user(
            task.project.owner,
            format_lazy(_("Review requested: {task}"), task=task),
            format_lazy(
                _("{user} requested your approval of “{task}”."), user=by, task=task
            ),
            level="info",
            **about(sources.REVIEW, task),
            deduplicate=True,
        )


def request_approved(task: Task, by: User) -> None:
    """Notify the user who requested the review, and dismiss the reminders."""
    reminders_outdated(task)
    if task.review_requested_by and task.review_requested_by != by:
        notify_user(
            task.review_requested_by,
            _("Request approved"),
            format_lazy(_("Your request “{task}” has been approved."), task=task),
            level="success",
            **about(sources.REVIEW, task),
        )


@transaction.atomic
def comment_added(comment: Comment) -> None:
    """Notify the members involved in the task, except the author.

    If a member has an unread notification about earlier comments, replace it with one
    that gives the number of unread comments and links to the first.
    """
    task, author = comment.task, comment.author
    Task.objects.select_for_update(no_key=True).get(pk=task.pk)  # one at a time
    involved = task.project.members.filter(
        Q(pk__in=[task.assignee_id, task.created_by_id])
        | Q(pk__in=task.comments.values("author"))
    )
    recipients = involved.exclude(pk__in=[comment.author_id])
    unread = notifications_about_comments(task).unread()
    unread.filter(user=comment.author_id).mark_read()  # they replied
    earlier = list(unread.filter(user__in=recipients).order_by("-pk"))
    first_unread = {row.user_id: row.source_id for row in earlier}
    readers: dict[str, list[User]] = {}
    for user in recipients:
        first = first_unread.get(user.pk, str(comment.pk))
        readers.setdefault(first, []).append(user)
    for first, users in readers.items():
        comments = task.comments.filter(pk__gte=first)
        count = comments.count()
        title = ngettext_lazy(
            "New comment: {task}", "{count} new comments: {task}", count
        )
        notify_users(
            users,
            format_lazy(title, count=count, task=task),
            format_lazy(_("{user} commented on “{task}”."), user=author, task=task),
            level="info",
            **about(sources.COMMENT, comments.earliest("pk")),
        )
    replaced = [row.pk for row in earlier]
    notified = unread.exclude(pk__in=replaced).values("user")
    unread.filter(pk__in=replaced, user__in=notified).delete()


def check_overdue_tasks() -> int:
    """Notify assignees of overdue tasks who have no unread notice. Return how many."""
    sent = 0
    for task, assignee in Task.objects.due_for_assignees(overdue):
        if notify_user(
            assignee,
            format_lazy(_("Overdue: {task}"), task=task),
            format_lazy(_("Task was due {day}."), day=task.due_text),
            level="danger",
            **about(sources.DUE, task),
            deduplicate=True,
        ):
            sent += 1
    return sent


def check_tasks_due_soon() -> int:
    """Remind the assignees of tasks due soon, once. Return how many were reminded."""
    sent = 0
    for task, assignee in Task.objects.due_for_assignees(due_soon):
        deadline = task.deadline_for(assignee)
        reminders = notifications_about(sources.DUE, task)
        if reminders.filter(user=assignee, expires_at=deadline).exists():
            continue  # already sent, whether read or not
        if notify_user(
            assignee,
            format_lazy(_("Due soon: {task}"), task=task),
            format_lazy(_("Task is due {day}."), day=task.due_text),
            level="warning",
            **about(sources.DUE, task),
            deduplicate=True,
            expires_at=deadline,  # from then on, the task is overdue
        ):
            sent += 1
    return sent


def reminders_outdated(task: Task) -> None:
    """Dismiss the reminders: the task was completed, rescheduled or reassigned."""
    notifications_about(sources.DUE, task).dismiss()


def member_invited(invitation: Invitation) -> None:
    """Notify the invited user, with a link to accept or decline."""
    notify_user(
        invitation.user,
        format_lazy(_("Invitation to {project}"), project=invitation.project),
        format_lazy(
            _("{user} invited you to join “{project}”."),
            user=invitation.invited_by,
            project=invitation.project,
        ),
        level="info",
        **about(sources.INVITATION, invitation),
        deduplicate=True,
    )


def members_added(project: Project, user_ids: set[int]) -> None:
    """Notify the new members, except the owner and those who accepted an invitation."""
    know = Q(pk=project.owner_id) | Q(invitations__project=project)
    notify_users(
        User.objects.filter(pk__in=user_ids).exclude(know),
        format_lazy(_("Welcome to {project}"), project=project),
        format_lazy(_("You are now a member of “{project}”."), project=project),
        level="info",
        **about(sources.MEMBERSHIP, project),
        deduplicate=True,
    )


def team_announcement(
    project: Project,
    text: str,
    by: User,
    key: str = "",
    expires_at: datetime | None = None,
) -> int:
    """Notify the whole team, except the author. Return how many were notified.

    With a `key`, sending the same announcement again notifies nobody twice.
    """
    return notify_users(
        project.members.exclude(pk=by.pk),
        format_lazy(_("{user} posted to {project}"), user=by, project=project),
        text,
        level="info",
        **about(sources.ANNOUNCEMENT, project, key),
        deduplicate=bool(key),
        expires_at=expires_at,
    )


def report_ready(report: Report) -> None:
    """Notify the user who requested the report, once even if it is built twice."""
    notify_user(
        report.requested_by,
        _("Report ready"),
        format_lazy(_("Your report “{report}” is ready to download."), report=report),
        level="success",
        **about(sources.REPORT, report),
        deduplicate=True,
    )


def source_deleted(instance: sources.Object) -> None:
    """Delete the notifications about a deleted object, since their links are dead."""
    UserNotification.objects.filter(
        Q(source_id=str(instance.pk)) | Q(source_id__startswith=f"{instance.pk}:"),
        source_app=sources.APP,
        source_model__in=sources.SOURCES[type(instance)],
    ).delete()
