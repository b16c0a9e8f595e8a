"""The progress of emails to each user. Only `themis.digests` uses it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class DigestState(models.Model):
    """One row for each user who gets emails.

    A separate table, because saving a profile writes all of its columns.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_state"
    )
    # Digests that were due until then are done.
    done_at = models.DateTimeField(default=timezone.now)
    # Notifications up to this id were emailed, or need no email.
    mailed_up_to = models.BigIntegerField(default=0)
    # The email that a process is sending, or was sending when it ended.
    claimed_up_to = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.mailed_up_to}"
