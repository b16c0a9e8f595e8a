"""Every new user gets a profile. Bulk-created and fixture-loaded users do not: they
count as having the defaults until they save their settings."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from themis.models.profile import UserProfile


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def create_profile(
    sender: Any, instance: Any, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        UserProfile.objects.create(user=instance)
