"""How the user of a request is found."""

from typing import TYPE_CHECKING

from allauth.account import auth_backends
from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Log in as django-allauth does, and read a user together with their profile.

    Every request needs both. With another backend, the profile costs a statement.
    """

    def get_user(self, user_id: int | str) -> "User | None":
        users = get_user_model()._default_manager.select_related("profile")
        try:
            user = users.get(pk=user_id)
        except get_user_model().DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
