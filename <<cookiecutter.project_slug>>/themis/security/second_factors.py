"""Second factors: whether a user has one, and codes that work only once."""

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.dispatch import receiver
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: "User") -> bool:
    """Return whether the user has an authenticator app or a passkey."""
    return bool(is_mfa_enabled(user, FACTORS))


@receiver(authenticator_added)
def use_up_code(
    sender: object, request: HttpRequest, authenticator: Authenticator, **kwargs: object
) -> None:
    """Invalidate the code that has just activated an authenticator app."""
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.wrap().validate_code(request.POST.get("code", ""))
