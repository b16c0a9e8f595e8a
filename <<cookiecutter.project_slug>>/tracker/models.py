"""Projects, their tasks, and what was said and exported about them.

A user sees the projects that they are a member of, and what belongs to these. Views
start from `for_user()`, so that everything else is answered with 404.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from themis.models.tracked import TrackedModel

if TYPE_CHECKING:
    from accounts.models import User

BATCH_SIZE = 1000
KEPT_REPORTS = 5  # of each user and project
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class ProjectQuerySet(models.QuerySet["Project"]):
    def for_user(self, user: "User") -> Self:
        """The projects that the user is a member of."""
        return self.filter(members=user)


class Project(models.Model):
    """A team and its tasks. The owner is one of the members."""

    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, default="")
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

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tracker:project-detail", args=[self.pk])

    def is_owned_by(self, user: "User") -> bool:
        """Whether the user approves tasks, chooses the members, and may delete it."""
        return self.owner_id == user.pk

    def unassign(self, user_ids: Iterable[int]) -> int:
        """Takes the unfinished tasks off people, who left. Returns how many."""
        tasks = self.tasks.unfinished().filter(assignee__in=user_ids)
        for task in tasks:
            task.assignee = None
            task.save(update_fields=["assignee", "updated_at"])
        return len(tasks)


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    DONE = "done", _("Done")


class TaskQuerySet(models.QuerySet["Task"]):
    def for_user(self, user: "User") -> Self:
        """The tasks of the projects that the user is a member of."""
        return self.filter(project__in=Project.objects.for_user(user))

    def unfinished(self) -> Self:
        return self.exclude(status=Status.DONE)

    def overdue(self, today: date) -> Self:
        """Unfinished, and due on a day before `today`.

        Today is somebody's: `timezone.localdate()` during a request, or another date
        that includes more than the users' own calendars do.
        """
        return self.unfinished().filter(due_date__lt=today)

    def due_soon(self, today: date, until: date | None = None) -> Self:
        """Unfinished, and due on `today` or the day after.

        With `until`, those of all the days that may be today for somebody.
        """
        tomorrow = (until or today) + timedelta(days=1)
        return self.unfinished().filter(due_date__range=(today, tomorrow))

    def by_due_date(self) -> Self:
        """The most urgent first, those without a date last."""
        return self.order_by(F("due_date").asc(nulls_last=True), "id")

    def search(self, text: str) -> Self:
        return self.filter(Q(title__icontains=text) | Q(description__icontains=text))

    def in_batches(self) -> Iterator["Task"]:
        """Every task once, in constant memory, with no cursor left open.

        An open cursor would hold SQLite's snapshot, and the next write of the same
        process would fail with "database is locked" as soon as another one writes.
        """
        last = 0
        while batch := list(self.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE]):
            yield from batch
            last = batch[-1].pk


class Task(TrackedModel):
    TRACKED = ("assignee", "due_date")

    # Who is changing it, while this process does so. Not stored. Set it before saving,
    # and nobody is told of what they did themselves.
    changed_by: "User | None" = None

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="tasks",
        verbose_name=_("project"),
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, default="")
    status = models.CharField(
        _("status"), max_length=16, choices=Status, default=Status.OPEN
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_tasks",
        verbose_name=_("assignee"),
    )
    due_date = models.DateField(_("due date"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    review_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("review requested by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(
                fields=["due_date"],
                name="tracker_due",
                condition=~Q(status=Status.DONE),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="tracker_known_status"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tracker:task-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_done(self) -> bool:
        return self.status == Status.DONE

    @property
    def is_in_review(self) -> bool:
        return self.status == Status.IN_REVIEW

    @property
    def is_overdue(self) -> bool:
        """Whether the due date is past in the active time zone: the reader's."""
        return (
            self.due_date is not None
            and not self.is_done
            and self.due_date < timezone.localdate()
        )

    @property
    def is_due_soon(self) -> bool:
        """Whether it is due today or tomorrow in the active time zone."""
        today = timezone.localdate()
        return (
            self.due_date is not None
            and not self.is_done
            and today <= self.due_date <= today + timedelta(days=1)
        )

    @property
    def deadline(self) -> datetime | None:
        """The end of the due date: midnight in the active time zone."""
        if self.due_date is None:
            return None
        next_day = self.due_date + timedelta(days=1)
        midnight = datetime.combine(next_day, time.min, timezone.get_current_timezone())
        # Where the clocks skip midnight, only UTC compares as one expects.
        return midnight.astimezone(UTC)

    # Each verb says whether it changed anything. Of two who do the same at once, one
    # gets True, so that the others are told once.

    def start(self) -> bool:
        return self._move(
            {"status": Status.IN_PROGRESS},
            from_any_but=[Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE],
        )

    def complete(self) -> bool:
        return self._move({"status": Status.DONE}, from_any_but=[Status.DONE])

    def reopen(self) -> bool:
        """Takes it back to work, when it is done or waits for a review."""
        return self._move(
            {"status": Status.IN_PROGRESS},
            from_any_but=[Status.OPEN, Status.IN_PROGRESS],
        )

    def request_review(self, by: "User") -> bool:
        return self._move(
            {"status": Status.IN_REVIEW, "review_requested_by": by},
            from_any_but=[Status.IN_REVIEW, Status.DONE],
        )

    def approve(self) -> bool:
        return self._move(
            {"status": Status.DONE},
            from_any_but=[Status.OPEN, Status.IN_PROGRESS, Status.DONE],
        )

    def _move(self, values: dict[str, object], from_any_but: list[Status]) -> bool:
        movable = Task.objects.filter(pk=self.pk).exclude(status__in=from_any_but)
        moved = movable.update(updated_at=timezone.now(), **values)
        if moved:
            for name, value in values.items():
                setattr(self, name, value)
        return bool(moved)


class Comment(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("comment"), max_length=10_000)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return f"{self.task.get_absolute_url()}#comment-{self.pk}"


class ReportQuerySet(models.QuerySet["Report"]):
    def for_user(self, user: "User") -> Self:
        """The user's own, as long as they are a member of the project."""
        return self.filter(
            requested_by=user, project__in=Project.objects.for_user(user)
        )


class Report(models.Model):
    """A project's tasks as a CSV file, made in the background.

    The file is in the database, which the web server and the worker share whatever they
    run on. Reports of many megabytes belong into a FileField on an object storage.
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
        return _text("Tasks of %(project)s") % {"project": self.project}

    def get_absolute_url(self) -> str:
        return reverse("tracker:report-detail", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None

    def build(self) -> bool:
        """Makes the file, once. Returns whether this call did.

        A second worker with the same report waits for the first one, then finds it
        made. Call it inside a transaction that also writes what follows from it.
        """
        with transaction.atomic():
            locked = Report.objects.select_for_update().only("ready_at").get(pk=self.pk)
            if locked.is_ready:
                return False
            self.content = as_csv(self.project.tasks.select_related("assignee"))
            self.ready_at = timezone.now()
            self.save(update_fields=["content", "ready_at"])
            self._drop_older()
        return True

    def _drop_older(self) -> None:
        own = Report.objects.exclude(ready_at=None).filter(
            project=self.project_id, requested_by=self.requested_by_id
        )
        own.exclude(pk__in=own.order_by("-id").values("pk")[:KEPT_REPORTS]).delete()


def as_csv(tasks: TaskQuerySet) -> str:
    """The tasks as CSV with a header, dates in ISO 8601 (RFC 4180)."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(
        [
            _text("Number"),
            _text("Title"),
            _text("Status"),
            _text("Assignee"),
            _text("Due date"),
            _text("Description"),
        ]
    )
    for task in tasks.in_batches():
        writer.writerow(
            [
                task.pk,
                _as_text(task.title),
                task.get_status_display(),
                _as_text(str(task.assignee or "")),
                task.due_date.isoformat() if task.due_date else "",
                _as_text(task.description),
            ]
        )
    return file.getvalue()


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA_STARTS) else cell
