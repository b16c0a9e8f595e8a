"""A team, and what its members share.

A user sees the projects that they are a member of, and what belongs to them. Views
start from `for_user()`, so anything else returns a 404. Users become members by
accepting an invitation, or when staff add them.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models import lengths

if TYPE_CHECKING:
    from accounts.models import User


class ProjectQuerySet(models.QuerySet["Project"]):
    def for_user(self, user: "User") -> Self:
        """Return the projects that the user is a member of."""
        return self.filter(members=user)


class Project(models.Model):
    """A team and its tasks. The owner is also a member."""

    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(
        _("description"), max_length=lengths.TEXT, blank=True, default=""
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="owned_projects",
        verbose_name=_("owner"),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="projects",
        blank=True,
        verbose_name=_("members"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["name", "id"]
        constraints = [
            lengths.at_most(lengths.TEXT, "description", name="tracker_project_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tracker:project-detail", args=[self.pk])

    def is_owned_by(self, user: "User") -> bool:
        """Return whether the user may approve tasks, choose members, and delete it."""
        return self.owner_id == user.pk

    def invite(self, username: str, by: "User") -> None:
        """Invite the user, if there is one. Don't reveal whether there is."""
        users = get_user_model()._default_manager.filter(is_active=True)
        strangers = users.exclude(projects=self)
        for user in strangers.filter(**{get_user_model().USERNAME_FIELD: username}):
            self.invitations.get_or_create(user=user, defaults={"invited_by": by})

    def unassign(self, user_ids: Iterable[int]) -> int:
        """Unassign the unfinished tasks of people who left. Return how many."""
        tasks = self.tasks.unfinished().filter(assignee__in=user_ids)
        for task in tasks:
            task.assignee = None
            task.save(update_fields=["assignee", "updated_at"])
        return len(tasks)
