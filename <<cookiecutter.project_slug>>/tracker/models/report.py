"""Reports: a project's tasks as a file, built in the background."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from themis.formatting import override
from tracker.export import as_csv
from tracker.models.project import Project

if TYPE_CHECKING:
    from accounts.models import User

PATIENCE = timedelta(minutes=10)
KEPT_REPORTS = 5  # of each user and project


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, user: "User") -> Self:
        """Return the user's own reports on projects that they are a member of."""
        return self.filter(
            requested_by=user, project__in=Project.objects.for_user(user)
        )

    def waiting(self) -> Self:
        """Return reports that should be ready by now: their tasks may be lost."""
        ordered_before = timezone.now() - PATIENCE
        return self.filter(ready_at=None, created_at__lt=ordered_before)


class Report(models.Model):
    """A project's tasks as a CSV file.

    The file is in the database, which the web server and the worker share wherever they
    run, and is deleted with its row. For reports of many megabytes, use a FileField and
    set STORAGE_URL.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="reports"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports"
    )
    content = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(_("requested"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("Tasks of %(project)s") % {"project": self.project}

    def get_absolute_url(self) -> str:
        return reverse("tracker:report-detail", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    def build(self) -> bool:
        """Build the file, once. Return whether this call built it.

        A second worker with the same report waits for the first, then returns False.
        Call this in the transaction that also writes what follows from it.
        """
        with transaction.atomic():
            locked = Report.objects.select_for_update().only("ready_at").get(pk=self.pk)
            if locked.is_ready:
                return False
            with override(self.requested_by.profile):  # in their language
                self.content = as_csv(self.project.tasks.select_related("assignee"))
            self.ready_at = timezone.now()
            self.save(update_fields=["content", "ready_at"])
            self._delete_older()
        return True

    def _delete_older(self) -> None:
        own = Report.objects.exclude(ready_at=None).filter(
            project=self.project_id, requested_by=self.requested_by_id
        )
        own.exclude(pk__in=own.order_by("-id").values("pk")[:KEPT_REPORTS]).delete()
