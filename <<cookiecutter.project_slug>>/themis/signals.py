"""The signal receiver that creates a profile for every new user.

Bulk-created and fixture-loaded users get none. They have the default preferences until
they save their settings.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from themis.models.profile import UserProfile

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def create_profile(
    sender: "type[User]",
    instance: "User",
    created: bool,
    raw: bool = False,
    **kwargs: object,
) -> None:
    if created and not raw:
        UserProfile.objects.create(user=instance)
