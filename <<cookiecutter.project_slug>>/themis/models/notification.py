"""The mailbox. Only `themis.notifications` creates its rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.models.level import Level
from themis.models.mailbox import IS_READ, NewestFirst, NotificationQuerySet
from themis.models.source import SOURCE_FIELDS, SourceKeyField

__all__ = [
    "LARGEST_ID",
    "SOURCE_FIELDS",
    "TITLE_LENGTH",
    "NotificationQuerySet",
    "UserNotification",
]

TITLE_LENGTH = 200  # characters
LARGEST_ID = 2**63 - 1  # of a BigAutoField


class UserNotification(models.Model):
    """One message to one user.

    Create them with `themis.notifications.notify_user()`, never directly.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
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
    # Sent with `deduplicate`: a user has at most one unread row per source, even if
    # several processes notify at once. None, unlike False, equals nothing, so the
    # constraint ignores all others, while its index still finds them.
    deduplicated = models.BooleanField(null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            # The list and the bell, newest first, however many are dismissed.
            NewestFirst(
                fields=["user", "-id"],
                name="themis_mailbox",
                condition=Q(dismissed_at=None),
            ),
            NewestFirst(
                fields=["user", "-id"],
                name="themis_dismissed",
                condition=Q(dismissed_at__isnull=False),
            ),
            # The bell's count, and mark all as read.
            NewestFirst(
                fields=["user", "-id", "expires_at"],
                name="themis_unread",
                condition=Q(read_at=None, dismissed_at=None),
            ),
            # Rare rows in a large mailbox. Equal entries share their space.
            models.Index(
                "user",
                "level",
                IS_READ,
                name="themis_rare",
                condition=Q(dismissed_at=None),
            ),
            # The clean-up after a source object's deletion.
            models.Index(fields=["source_key"], name="themis_source"),
            # The clean-up of expired rows.
            models.Index(
                fields=["expires_at"],
                name="themis_expiring",
                condition=Q(expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source_key", "deduplicated"],
                name="themis_no_duplicate",
                condition=Q(read_at=None, dismissed_at=None),
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="themis_known_level"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open_url(self) -> str:
        """The URL where a POST marks it as read and redirects to its link."""
        return reverse("themis:notification-open", args=[self.pk])

    @property
    def has_source(self) -> bool:
        """Whether its trigger named the object that it is about."""
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
        """Reload the state, unless the row has been deleted."""
        for state in self._alone.values("read_at", "dismissed_at"):
            self.read_at, self.dismissed_at = state["read_at"], state["dismissed_at"]
