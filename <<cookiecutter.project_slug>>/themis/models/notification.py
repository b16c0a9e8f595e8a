"""The mailbox. Rows are made by `themis.notifications` alone."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.models.level import Level
from themis.models.profile import UserProfile

TITLE_LENGTH = 200  # characters
LARGEST_ID = 2**63 - 1  # of a BigAutoField
SOURCE_FIELDS = ("source_app", "source_model", "source_id")


class NotificationQuerySet(models.QuerySet["UserNotification"]):
    def visible(self) -> Self:
        """Neither dismissed nor expired: what a user sees."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), dismissed_at=None
        )

    def unread(self) -> Self:
        """Visible and not yet read: what the bell counts."""
        return self.visible().filter(read_at=None)

    def from_source(self, app: str, model: str, id: str) -> Self:
        """Triggered by one object, as its trigger named it."""
        return self.filter(source_app=app, source_model=model, source_id=id)

    def mark_read(self) -> int:
        """Marks the unread ones as read. Returns how many."""
        return self.filter(read_at=None).update(
            read_at=timezone.now(), deduplication_key=None
        )

    def dismiss(self) -> int:
        """Takes them out of the mailbox for good. Returns how many were in it."""
        return self.filter(dismissed_at=None).update(
            dismissed_at=timezone.now(), deduplication_key=None
        )

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def deletable(self, now: datetime, max_age_days: int) -> "dict[str, Self]":
        """What the clean-up deletes, by reason ("What gets deleted"). No row is in two.

        Expired rows, and dismissed or read rows created longer ago than the smaller of
        their user's retention and `max_age_days`. Never an unread row that has not
        expired.
        """
        retentions = (
            UserProfile.objects.filter(notification_retention_days__lt=max_age_days)
            .order_by("notification_retention_days")
            .values_list("notification_retention_days", flat=True)
            .distinct()
        )
        whens = [
            When(
                user__profile__notification_retention_days=days,
                then=Value(now - timedelta(days=days)),
            )
            for days in retentions
        ]
        ceiling = Value(now - timedelta(days=max_age_days))
        old = self.exclude(expires_at__lte=now).filter(
            created_at__lt=Case(*whens, default=ceiling)
        )
        return {
            "expired": self.expired(now),
            "dismissed": old.exclude(dismissed_at=None),
            "read": old.filter(dismissed_at=None).exclude(read_at=None),
        }


class UserNotification(models.Model):
    """One message to one user.

    Create them with `themis.notifications.notify_user()`, never directly.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,  # the first column of two indexes below
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    message = models.TextField(_("message"), blank=True, default="")
    level = models.CharField(
        _("level"), max_length=8, choices=Level, default=Level.INFO
    )
    url = models.CharField(_("link"), max_length=2000, blank=True, default="")

    source_app = models.CharField(max_length=100, blank=True, default="")
    source_model = models.CharField(max_length=100, blank=True, default="")
    source_id = models.CharField(max_length=255, blank=True, default="")

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    # Held by at most one unread row of a user: what makes `deduplicate` exact when
    # several processes notify at once. Given back on reading and dismissing.
    deduplication_key = models.UUIDField(null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            # The list, newest first, and the user's deletion.
            models.Index(fields=["user", "-id"], name="themis_mailbox"),
            # The bell: count, newest, mark all as read.
            models.Index(
                fields=["user", "-id", "expires_at"],
                name="themis_unread",
                condition=Q(read_at=None, dismissed_at=None),
            ),
            # Duplicates, and the clean-up after a source object's deletion.
            models.Index(
                fields=["source_app", "source_model", "source_id", "user"],
                name="themis_source",
            ),
            # The clean-up of expired rows.
            models.Index(
                fields=["expires_at"],
                name="themis_expiring",
                condition=Q(expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "deduplication_key"],
                name="themis_no_duplicate",
                condition=Q(deduplication_key__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="themis_known_level"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open_url(self) -> str:
        """Where a POST marks it as read and goes on to its link."""
        return reverse("themis:notification-open", args=[self.pk])

    @property
    def has_source(self) -> bool:
        """Whether its trigger named an object that it is about."""
        return any(getattr(self, name) for name in SOURCE_FIELDS)

    @property
    def is_unread(self) -> bool:
        return self.read_at is None

    def mark_read(self) -> None:
        self._alone.mark_read()
        self.refresh_from_db(fields=["read_at", "deduplication_key"])

    def dismiss(self) -> None:
        self._alone.dismiss()
        self.refresh_from_db(fields=["dismissed_at", "deduplication_key"])

    @property
    def _alone(self) -> NotificationQuerySet:
        return UserNotification.objects.filter(pk=self.pk)
