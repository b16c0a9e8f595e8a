"""The kinds of notification that a user has switched off."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """A way to reach a user. A kind muted in the app is muted in every channel."""

    APP = "app", _("In the app")
    EMAIL = "email", _("By email")


class MutedKind(models.Model):
    """One kind of notification, by its source, that a user has switched off."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="muted_kinds",
        db_index=False,  # the first column of the constraint below
    )
    source_app = models.CharField(max_length=100)
    source_model = models.CharField(max_length=100)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.APP)

    class Meta:
        verbose_name = _("muted kind")
        verbose_name_plural = _("muted kinds")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source_app", "source_model", "channel"],
                name="themis_muted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_app}/{self.source_model} ({self.channel})"
