"""The tasks of a project."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from themis.formatting import format_date_lazy, format_time_lazy
from themis.models import TrackedModel, in_batches
from tracker.models import lengths
from tracker.models.due_dates import (
    Rule,
    Span,
    anywhere,
    clock,
    deadline,
    overdue,
)
from tracker.models.project import Project

if TYPE_CHECKING:
    from accounts.models import User


class Status(models.TextChoices):
    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    DONE = "done", _("Done")


class TaskQuerySet(models.QuerySet["Task"]):
    def for_user(self, user: "User") -> Self:
        """Return the tasks of the projects that the user is a member of."""
        return self.filter(project__in=Project.objects.for_user(user))

    def unfinished(self) -> Self:
        return self.exclude(status=Status.DONE)

    def due(self, span: Span) -> Self:
        """Return the unfinished tasks that are due within the span."""
        (first, after), (last, until) = ((each.date(), each.time()) for each in span)
        tasks = self.unfinished().filter(due_date__range=(first, last))
        tasks = tasks.alias(time=Coalesce("due_time", Value(time.max)))
        too_early = Q(due_date=first, time__lte=after)
        return tasks.exclude(too_early | Q(due_date=last, time__gt=until))

    def overdue(self) -> Self:
        """Return the tasks that are overdue in the active time zone, the reader's."""
        return self.due(overdue(clock()))

    def due_for_assignees(self, rule: Rule) -> Iterator[tuple["Task", "User"]]:
        """Yield tasks that are due in their assignee's time zone, with the assignee."""
        tasks = self.due(anywhere(rule)).select_related("assignee__profile")
        for task in in_batches(tasks.exclude(assignee=None)):
            if task.assignee and task.is_due(rule(clock(task.assignee.profile.zone))):
                yield task, task.assignee

    def by_due_date(self) -> Self:
        """Order by due date, with tasks without one last."""
        due = (F(name).asc(nulls_last=True) for name in ("due_date", "due_time"))
        return self.order_by(*due, "id")

    def search(self, text: str) -> Self:
        return self.filter(Q(title__icontains=text) | Q(description__icontains=text))


class Task(TrackedModel):
    TRACKED = ("assignee", "due_date", "due_time")

    # The user who is changing the task. Not stored. Set it before saving, so that users
    # are not notified of what they did themselves.
    changed_by: "User | None" = None

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="tasks",
        verbose_name=_("project"),
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("description"), max_length=lengths.TEXT, blank=True, default=""
    )
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
    due_time = models.TimeField(_("due time"), null=True, blank=True)
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
            lengths.at_most(lengths.TEXT, "description", name="tracker_task_length"),
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
    def is_in_review(self) -> bool:
        return self.status == Status.IN_REVIEW

    @property
    def is_done(self) -> bool:
        return self.status == Status.DONE

    @property
    def needs_approval(self) -> bool:
        """Whether a review was requested: such a task must be approved to be done."""
        return self.review_requested_by_id is not None

    @property
    def is_overdue(self) -> bool:
        """Whether the task is overdue in the active time zone, the reader's."""
        return self.is_due(overdue(clock()))

    @property
    def due_text(self) -> Promise | str:
        """When the task is due, in the reader's formats."""
        day = format_date_lazy(self.due_date)
        at = format_time_lazy(self.due_time)
        return format_lazy("{day} {time}", day=day, time=at) if self.due_time else day

    def is_due(self, span: Span) -> bool:
        """Return whether the task is unfinished and due within the span."""
        if self.is_done or self.due_date is None:
            return False
        at = time.max if self.due_time is None else self.due_time
        return span.include(datetime.combine(self.due_date, at))

    def deadline_for(self, user: "User") -> datetime | None:
        """Return when the task is due in the user's time zone."""
        return deadline(self.due_date, self.due_time, user) if self.due_date else None

    # Each method names the states that it starts from, and returns whether it changed
    # anything. If two people do the same at once, only one call returns True, so that
    # the others are notified once.

    def start(self) -> bool:
        return self._move([Status.OPEN], to=Status.IN_PROGRESS)

    def complete(self) -> bool:
        to_do = [Status.OPEN, Status.IN_PROGRESS]
        return self._move(to_do, to=Status.DONE, only_if=Q(review_requested_by=None))

    def reopen(self) -> bool:
        return self._move([Status.IN_REVIEW, Status.DONE], to=Status.IN_PROGRESS)

    def request_review(self, by: "User") -> bool:
        return self._move(
            [Status.OPEN, Status.IN_PROGRESS],
            to=Status.IN_REVIEW,
            review_requested_by=by,
        )

    def approve(self) -> bool:
        return self._move([Status.IN_REVIEW], to=Status.DONE)

    def _move(
        self,
        states: list[Status],
        to: Status,
        only_if: Q | None = None,
        **values: object,
    ) -> bool:
        values["status"] = to
        movable = Task.objects.filter(only_if or Q(), pk=self.pk, status__in=states)
        moved = movable.update(updated_at=timezone.now(), **values)
        if moved:
            for name, value in values.items():
                setattr(self, name, value)
        return bool(moved)
