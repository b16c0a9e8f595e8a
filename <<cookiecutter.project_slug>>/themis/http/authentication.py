"""The authentication backend, and how it finds the account to sign in to."""

from typing import TYPE_CHECKING, cast

from allauth.account import app_settings, auth_backends
from allauth.account import utils as accounts
from django.contrib.auth import get_user_model
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Sign in as django-allauth does, and fetch users together with their profile.

    Every request needs both. Other backends need another query for the profile.

    A password is hashed exactly once, whether it is right or wrong and whether the
    account exists or not, so the response time does not reveal who has an account.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: str,
    ) -> "User | None":
        if not password:
            return None
        user = account_of(username, **credentials)
        if user is None:
            self._mitigate_timing_attack(password)
            return None
        return cast("User | None", self._check_password(user, password))

    def get_user(self, user_id: int | str) -> "User | None":
        users = get_user_model()._default_manager.select_related("profile")
        try:
            user = users.get(pk=user_id)
        except get_user_model().DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None


def account_of(
    username: str | None = None, email: str | None = None, **others: object
) -> "User | None":
    """Return the one account that matches these credentials.

    An address that somebody types is passed as both. It matches the account with this
    address before one that only has it as its name.
    """
    if username and username != email:
        return _named(username) or _with_address(email or username)
    return _with_address(email) or _named(email)


def _named(username: str | None) -> "User | None":
    methods = app_settings.LOGIN_METHODS
    if not username or app_settings.LoginMethod.USERNAME not in methods:
        return None
    users = accounts.filter_users_by_username(username)
    return cast("User", users[0]) if len(users) == 1 else None


def _with_address(email: str | None) -> "User | None":
    """Return the account that has confirmed the address, or else the first with it."""
    if not email or app_settings.LoginMethod.EMAIL not in app_settings.LOGIN_METHODS:
        return None
    field = app_settings.USER_MODEL_EMAIL_FIELD or ""
    return min(
        accounts.filter_users_by_email(email, prefer_verified=True),
        # Prefer the account with this main address: anybody may add one unconfirmed.
        key=lambda user: (getattr(user, field, "").lower() != email.lower(), user.pk),
        default=None,
    )
