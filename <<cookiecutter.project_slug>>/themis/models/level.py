"""How urgent a notification is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    INFO = "info", _("Information")
    SUCCESS = "success", _("Success")
    WARNING = "warning", _("Warning")
    DANGER = "danger", _("Danger")

    @property
    def weight(self) -> int:
        """The rank to compare with a user's minimum level ("Notification Levels")."""
        return {Level.WARNING: 1, Level.DANGER: 2}.get(self, 0)

    @property
    def passes(self) -> list["Level"]:
        """The minimum levels that allow a notification of this level."""
        return [minimum for minimum in Level if minimum.weight <= self.weight]
