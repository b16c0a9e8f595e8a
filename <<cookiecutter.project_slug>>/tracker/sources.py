"""What the tracker's notifications are about.

`deduplicate` skips a notification while one from the same source is unread. So each
subject has its own source: if they shared one, an unread "assigned" would hide
"overdue". Add a new source to `SOURCES`, or its notifications outlive their object.
"""

from typing import TypedDict

from django.db.models import CharField, Model
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet
from themis.notifications import register_kind
from tracker.models import Comment, Invitation, Project, Report, Task

APP = "tracker"

ASSIGNED, DUE, PROGRESS, REVIEW = "Task.assigned", "Task", "Task.done", "Task.review"
COMMENT = "Comment"
MEMBERSHIP, ANNOUNCEMENT = "Project", "Project.announcement"
INVITATION, REPORT = "Invitation", "Report"
WELCOME = "User"  # sent once, and deleted with the user

# The labels in the settings, where users can turn each of these off.
KINDS = {
    ASSIGNED: _("Assigned tasks"),
    DUE: _("Due dates"),
    PROGRESS: _("Completed and reopened tasks"),
    REVIEW: _("Reviews"),
    COMMENT: _("Comments"),
    INVITATION: _("Invitations"),
    MEMBERSHIP: _("New memberships"),
    ANNOUNCEMENT: _("Announcements"),
    REPORT: _("Reports"),
}
for _name, _label in KINDS.items():
    register_kind(APP, _name, _label)

Object = Comment | Invitation | Project | Report | Task
SOURCES: dict[type[Model], list[str]] = {
    Comment: [COMMENT],
    Invitation: [INVITATION],
    Project: [MEMBERSHIP, ANNOUNCEMENT],
    Report: [REPORT],
    Task: [ASSIGNED, DUE, PROGRESS, REVIEW],
}


class Source(TypedDict):
    """The arguments of `notify_user()` for the object behind a notification."""

    url: str
    source_app: str
    source_model: str
    source_id: str


def about(source_model: str, instance: Object, key: str = "") -> Source:
    """Return the source of a notification, and the page that a click opens.

    Pass a `key` to distinguish several sources of one object.
    """
    return {
        "url": instance.get_absolute_url(),
        "source_app": APP,
        "source_model": source_model,
        "source_id": f"{instance.pk}:{key}" if key else str(instance.pk),
    }


def notifications_about_comments(task: Task) -> NotificationQuerySet:
    """Return all notifications about comments on the task."""
    keys = task.comments.values_list(Cast("pk", CharField()))
    return UserNotification.objects.filter(
        source_app=APP, source_model=COMMENT, source_id__in=keys
    )


def notifications_about(source_model: str, instance: Model) -> NotificationQuerySet:
    """Return all notifications from this source that have no key."""
    return UserNotification.objects.from_source(APP, source_model, str(instance.pk))
