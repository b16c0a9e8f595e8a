"""Accepted forms, for `themis.http.once` to recognize one that is sent again."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

KEPT = timedelta(days=1)  # after that, a form may be accepted again


class SentFormQuerySet(models.QuerySet["SentForm"]):
    def claim(self, user: "User", digest: str) -> "tuple[SentForm, bool]":
        """Return the row of this form, and whether it is new.

        A request with the same form at the same moment waits for this transaction. Also
        delete the user's outdated rows.
        """
        self.filter(user=user, sent_at__lt=timezone.now() - KEPT).delete()
        return self.get_or_create(digest=digest, defaults={"user": user})


class SentForm(models.Model):
    """A form that a user has sent, and where its response redirected to."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    location = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    objects = SentFormQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest
