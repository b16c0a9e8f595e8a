"""Whose formats, time zone and language are the current ones."""

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
    """Make the profile's formats, time zone and language the current ones in the block.

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
    """Return the profile whose formats count now, or one with the defaults, unsaved."""
    return _profile.get() or UserProfile()


def speaking_to(user: "Reader | None") -> AbstractContextManager[None]:
    """Make a user's preferences the current ones in the block.

    None leaves the current ones as they are. An anonymous user has the defaults.
    """
    if user is None:
        return nullcontext()
    return override(user.profile if user.is_authenticated else UserProfile())
