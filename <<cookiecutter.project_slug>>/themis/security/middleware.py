"""Session rules for signed-in users: how long, and with which factors."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseRedirect,
)
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from themis import conf
from themis.security.log import security_event

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

SIGNED_IN_AT, SEEN_AT = "themis.signed_in_at", "themis.seen_at"
# The views of allauth, where users add a second factor.
OPEN = ("account_", "mfa_", "usersessions_")
POLL = "themis:notification-poll"  # sent by the browser, not by the user


class SessionRulesMiddleware:
    """End sessions that are too old or unused, and require two factors of staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and is_over(request.session, time.time()):
            # Not a sign-out: the browser keeps drafts for the same user.
            security_event("session_ended", request.user, request=request)
            request.session.flush()
            request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not request.user.is_authenticated or match is None:
            return None
        if match.view_name != POLL:
            note_use(request.session, time.time())
        if lacks_second_factor(request.user) and not _is_open(match):
            return _ask_for_second_factor(request)
        return None


def is_over(session: SessionBase, now: float) -> bool:
    """Return whether a session is too old, or has been unused for too long."""
    signed_in_at: float | None = session.get(SIGNED_IN_AT)
    if signed_in_at is None:
        return False  # began before this middleware was installed
    seen_at: float = session.get(SEEN_AT, signed_in_at)
    idle = conf.session_idle_seconds()
    return now - signed_in_at > settings.SESSION_COOKIE_AGE or (
        0 < idle < now - seen_at
    )


def note_use(session: SessionBase, now: float) -> None:
    """Record the use of the session, at most every twentieth of the idle limit."""
    idle = conf.session_idle_seconds()
    last = session.get(SEEN_AT, session.get(SIGNED_IN_AT))
    if last is not None and idle and now - last > idle / 20:
        session[SEEN_AT] = now


@receiver(user_logged_in)
def note_sign_in(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Record when the user's session began."""
    request.session[SIGNED_IN_AT] = time.time()
    request.session.pop(SEEN_AT, None)


def lacks_second_factor(user: "User") -> bool:
    """Return whether the user is staff and lacks the required second factor."""
    if not conf.staff_need_second_factor() or not user.is_staff:
        return False
    if not apps.is_installed("allauth.mfa"):
        return False
    from themis.security.second_factors import has_second_factor

    return not has_second_factor(user)


def _is_open(match: ResolverMatch) -> bool:
    return not match.app_name and (match.url_name or "").startswith(OPEN)


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    text = _("Staff need a second factor. Add an authenticator app or a passkey.")
    if "text/html" not in request.headers.get("Accept", ""):
        return HttpResponseForbidden(text, content_type="text/plain")
    messages.warning(request, text)
    return HttpResponseRedirect(reverse("mfa_index"))
