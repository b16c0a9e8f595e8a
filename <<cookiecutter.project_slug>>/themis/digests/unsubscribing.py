"""A link in each email that ends them, for its reader alone and without signing in."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

from themis.models import UserProfile
from themis.models.preferences import DigestFrequency

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

SIGNER = signing.Signer(salt="themis.digests.unsubscribing")


def unsubscribe_path(user: "User") -> str:
    return reverse("themis:unsubscribe", args=[token_of(user)])


def token_of(user: "User") -> str:
    """Return what stands for the user in the link. It does not expire."""
    return SIGNER.sign(str(user.pk))


def user_of(token: str) -> "User | None":
    """Return whose token it is, None if it is nobody's."""
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return get_user_model()._base_manager.filter(pk=pk).first()


def unsubscribe(user: "User") -> None:
    """Send the user no more emails about notifications."""
    if user.profile.pk is None:
        user.profile.save()  # the site's default may be to send some
    UserProfile.objects.filter(user=user).update(
        email_digest=DigestFrequency.NEVER, email_danger_at_once=False
    )
