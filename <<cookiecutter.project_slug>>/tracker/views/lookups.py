"""What a user may see. Anything else returns a 404."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from tracker.models import Invitation, Project, Report, Task
from tracker.models.task import TaskQuerySet

PAGE_SIZE = 25  # rows
COLLEAGUES = 100  # suggested at most


def visible_tasks(user: User) -> TaskQuerySet:
    return Task.objects.for_user(user).select_related("project", "assignee")


def find_task(user: User, pk: int) -> Task:
    related = ("project__owner", "assignee", "created_by", "review_requested_by")
    tasks = Task.objects.for_user(user).select_related(*related)
    return get_object_or_404(tasks, pk=pk)


def find_project(user: User, pk: int) -> Project:
    projects = Project.objects.for_user(user).select_related("owner")
    return get_object_or_404(projects, pk=pk)


def find_report(user: User, pk: int) -> Report:
    reports = Report.objects.for_user(user).select_related("project")
    return get_object_or_404(reports, pk=pk)


def find_invitation(user: User, pk: int) -> Invitation:
    invitations = user.invitations.select_related("project", "invited_by")
    return get_object_or_404(invitations, pk=pk)


def colleagues(user: User, project: Project) -> QuerySet[User]:
    """Return the people from the user's other projects who could be invited."""
    others = User.objects.filter(projects__members=user, is_active=True)
    strangers = others.exclude(projects=project).order_by("username").distinct()
    return strangers[:COLLEAGUES]


def require_owner(user: User, project: Project) -> None:
    """Raise PermissionDenied unless the user owns the project."""
    if not project.is_owned_by(user):
        raise PermissionDenied(_("Only the project owner can do this."))
