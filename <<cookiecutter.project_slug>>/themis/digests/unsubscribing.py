"""The unsubscribe link in each email. It works without signing in."""

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
    """Return the token that identifies the user in the link. It does not expire."""
    return SIGNER.sign(str(user.pk))


def user_of(token: str) -> "User | None":
    """Return the user with this token, or None."""
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return get_user_model()._base_manager.filter(pk=pk).first()


def unsubscribe(user: "User") -> None:
    """Stop all emails about notifications to the user."""
    if user.profile.pk is None:
        user.profile.save()  # the site's default may be to send emails
    UserProfile.objects.filter(user=user).update(
        email_digest=DigestFrequency.NEVER, email_danger_at_once=False
    )
