"""The current formats, time zone and language."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from themis.models import UserProfile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.models import _User as User

    Reader = User | AnonymousUser

__all__ = ["current_profile", "override", "speaking_to"]

_profile: ContextVar[UserProfile | None] = ContextVar("themis_profile", default=None)


@contextmanager
def override(profile: UserProfile) -> Iterator[None]:
    """Use the profile's formats, time zone and language inside the block.

    The middleware does this for each request. In a background task or a command:

        with override(user.profile):
            body = render_to_string("report.html", {"report": report})
    """
    token = _profile.set(profile)
    try:
        with (
            timezone.override(profile.zone),
            translation.override(profile.spoken_language),
        ):
            yield
    finally:
        _profile.reset(token)


def current_profile() -> UserProfile:
    """Return the current profile, or an unsaved one with the defaults."""
    return _profile.get() or UserProfile()


def speaking_to(user: "Reader | None") -> AbstractContextManager[None]:
    """Use a user's preferences inside the block.

    None keeps the current ones. An anonymous user has the defaults.
    """
    if user is None:
        return nullcontext()
    return override(user.profile if user.is_authenticated else UserProfile())
