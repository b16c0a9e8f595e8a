"""Where users get emails that they have not just asked for."""

from allauth.account.models import EmailAddress

from accounts.models import User


def verified_address(user: User) -> str:
    """Return the primary address, or another one, that is confirmed. Empty: none is."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return addresses.order_by("-primary").values_list("email", flat=True).first() or ""
