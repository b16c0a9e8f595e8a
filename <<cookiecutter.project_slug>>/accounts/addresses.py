"""The addresses for emails that users have not just requested."""

from allauth.account.models import EmailAddress

from accounts.models import User


def verified_address(user: User) -> str:
    """Return a confirmed address, preferably the primary one, or an empty string."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return addresses.order_by("-primary").values_list("email", flat=True).first() or ""
