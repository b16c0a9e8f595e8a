"""The mailbox. Rows are made by `themis.notifications` alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.models.level import Level
from themis.models.profile import UserProfile
from themis.models.source import SOURCE_FIELDS, SourceKeyField, source_key

__all__ = [
    "LARGEST_ID",
    "SOURCE_FIELDS",
    "TITLE_LENGTH",
    "NotificationQuerySet",
    "UserNotification",
]

TITLE_LENGTH = 200  # characters
LARGEST_ID = 2**63 - 1  # of a BigAutoField
# Another process may send a newer one at each try.
TRIES = 5


class NotificationQuerySet(models.QuerySet["UserNotification"]):
    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """Filter as usual; a whole source is found by its key, which has an index."""
        if all(isinstance(kwargs.get(name), str) for name in SOURCE_FIELDS):
            kwargs["source_key"] = source_key(*(kwargs[name] for name in SOURCE_FIELDS))
        return super().filter(*args, **kwargs)

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
        """Mark the unread ones as read. Return how many."""
        return self.filter(read_at=None).update(read_at=timezone.now())

    def mark_unread(self) -> int:
        """Mark the read ones as unread. Return how many.

        A row that was sent with `deduplicate` stays read while another one of its
        source is unread: of several, the newest becomes unread.
        """
        read = self.exclude(read_at=None)
        return read._bring_back(Q(dismissed_at=None), read_at=None)

    def dismiss(self) -> int:
        """Take them out of the mailbox. Return how many were in it."""
        return self.filter(dismissed_at=None).update(dismissed_at=timezone.now())

    def restore(self) -> int:
        """Take dismissed ones back into the mailbox. Return how many.

        An unread row that was sent with `deduplicate` stays dismissed while another one
        of its source is unread: of several, the newest comes back.
        """
        dismissed = self.exclude(dismissed_at=None)
        return dismissed._bring_back(Q(read_at=None), dismissed_at=None)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def release_expired(
        self, source_keys: "Iterable[int] | models.QuerySet[Any, Any]", now: datetime
    ) -> int:
        """Let expired, unread duplicates block no new ones. Return how many did."""
        return (
            self.filter(source_key__in=source_keys, deduplicated=True)
            .filter(read_at=None, dismissed_at=None)
            .expired(now)
            .update(deduplicated=False)
        )

    def deletable(self, now: datetime, max_age_days: int) -> "dict[str, Self]":
        """Return what the clean-up deletes, by reason. No row is in two of them.

        Expired rows, and dismissed or read rows created longer ago than the smaller of
        their user's retention and `max_age_days`. Never an unread row that has not
        expired.

        Source: the notification trigger pattern, "What gets deleted".
        """
        profiles = UserProfile.objects.all()
        shorter = profiles.filter(notification_retention_days__lt=max_age_days)
        age = Q(created_at__lt=now - timedelta(days=max_age_days))
        for days in shorter.values_list(
            "notification_retention_days", flat=True
        ).distinct():
            users = profiles.filter(notification_retention_days=days).values("user")
            age |= Q(created_at__lt=now - timedelta(days=days), user__in=users)
        default = UserProfile().notification_retention_days
        if default < max_age_days:
            age |= Q(created_at__lt=now - timedelta(days=default)) & ~Q(
                user__in=profiles.values("user")
            )
        old = self.exclude(expires_at__lte=now).filter(age)
        return {
            "expired": self.expired(now),
            "dismissed": old.exclude(dismissed_at=None),
            "read": old.filter(dismissed_at=None).exclude(read_at=None),
        }

    def _bring_back(self, would_be_unread: Q, **values: None) -> int:
        """Write the values, except to duplicates of what is unread meanwhile.

        Of these rows, those that would be unread then are to be the only ones of their
        source. The constraint decides when another process sends a newer one just now.
        """
        for _attempt in range(TRIES - 1):
            try:
                with transaction.atomic(using=self.db):
                    return self._without_duplicates(would_be_unread).update(**values)
            except IntegrityError:
                self._release_expired_twins()
        return self._without_duplicates(would_be_unread).update(**values)

    def _without_duplicates(self, would_be_unread: Q) -> Self:
        same = {"user": OuterRef("user"), "source_key": OuterRef("source_key")}
        twins = UserNotification.objects.using(self.db).filter(**same)
        newer = self.filter(would_be_unread, deduplicated=True, **same)
        return self.exclude(
            would_be_unread,
            Exists(twins.unread().exclude(pk=OuterRef("pk")))
            | Exists(newer.filter(pk__gt=OuterRef("pk"))),
            deduplicated=True,
        )

    def _release_expired_twins(self) -> None:
        users, keys = self.values("user"), self.values("source_key")
        rows = UserNotification.objects.using(self.db).filter(user__in=users)
        rows.release_expired(keys, timezone.now())


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

    source_key = SourceKeyField(editable=False)
    # Sent with `deduplicate`: of these, one source has at most one unread row, however
    # many processes notify at once.
    deduplicated = models.BooleanField(default=False, editable=False)

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
            models.Index(fields=["source_key", "user"], name="themis_source"),
            # The clean-up of expired rows.
            models.Index(
                fields=["expires_at"],
                name="themis_expiring",
                condition=Q(expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source_key"],
                name="themis_no_duplicate",
                condition=Q(deduplicated=True, read_at=None, dismissed_at=None),
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
        self._reload()

    def mark_unread(self) -> None:
        self._alone.mark_unread()
        self._reload()

    def dismiss(self) -> None:
        self._alone.dismiss()
        self._reload()

    def restore(self) -> None:
        self._alone.restore()
        self._reload()

    @property
    def _alone(self) -> NotificationQuerySet:
        return UserNotification.objects.filter(pk=self.pk)

    def _reload(self) -> None:
        """Read the state again, unless somebody has deleted the row meanwhile."""
        for state in self._alone.values("read_at", "dismissed_at"):
            self.read_at, self.dismissed_at = state["read_at"], state["dismissed_at"]
