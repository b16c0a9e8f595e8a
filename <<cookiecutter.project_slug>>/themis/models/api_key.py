"""Keys for scripts. `themis.api_keys` issues, rotates and verifies them."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from themis.security import security_event

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class APIKeyQuerySet(models.QuerySet["APIKey"]):
    def active(self) -> Self:
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self, by: "User | None") -> int:
        """Revoke the active keys permanently. Return how many.

        Args:
            by: the user who revokes them, or None for the command line.
        """
        with transaction.atomic(using=self.db):
            keys = list(self.active().select_for_update())
            self.model.objects.filter(pk__in=[key.pk for key in keys]).update(
                revoked_at=timezone.now()
            )
            APIKeyEvent.objects.record(APIKeyEvent.Action.REVOKED, keys, by)
        return len(keys)


class APIKey(models.Model):
    """An API key of one user. Its text is not stored, only a prefix and a hash."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_keys",
        db_index=False,  # the first column of the constraint below
    )
    name = models.CharField(_("name"), max_length=100)
    # Two ways to recognize a key: the prefix for people, the hash for the computer.
    prefix = models.CharField(_("starts with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The form that created it: sent again by a reload, it creates no second key.
    form_id = models.UUIDField(null=True, editable=False)

    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    networks = models.JSONField(_("networks"), default=list, blank=True)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    expiry_notified_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = APIKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form_id"], name="themis_one_key_a_form"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    def allows_address(self, address: str) -> bool:
        """Return whether the address is in its networks, or it has none."""
        ip = ipaddress.ip_address(address)
        return not self.networks or any(
            ip in ipaddress.ip_network(network) for network in self.networks
        )

    def revoke(self, by: "User | None") -> None:
        APIKey.objects.filter(pk=self.pk).revoke(by)
        self.refresh_from_db(fields=["revoked_at"])

    def touch(self, now: datetime, interval: timedelta) -> None:
        """Record the use, unless another request did so within the interval."""
        before = now - interval
        if self.last_used_at is None or self.last_used_at < before:
            unnoted = APIKey.objects.filter(
                models.Q(last_used_at=None) | models.Q(last_used_at__lt=before),
                pk=self.pk,
            )
            try:
                unnoted.update(last_used_at=now)
            except OperationalError as error:
                # On a full disk, requests that only read still work.
                if getattr(error.__cause__, "sqlite_errorname", "") != "SQLITE_FULL":
                    raise


class APIKeyEventManager(models.Manager["APIKeyEvent"]):
    def record(self, action: str, keys: Sequence[APIKey], by: "User | None") -> None:
        self.bulk_create(
            [APIKeyEvent(key=key, action=action, actor=by) for key in keys]
        )
        for key in keys:
            security_event(f"api_key_{action}", by, key=key.pk, owner=key.user_id)


class APIKeyEvent(models.Model):
    """The audit trail: who did what with a key, and when."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        ROTATED = "rotated", _("rotated")
        REVOKED = "revoked", _("revoked")

    key = models.ForeignKey(APIKey, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(_("action"), max_length=16, choices=Action)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = APIKeyEventManager()

    class Meta:
        verbose_name = _("API key event")
        verbose_name_plural = _("API key events")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_action_display()}"
