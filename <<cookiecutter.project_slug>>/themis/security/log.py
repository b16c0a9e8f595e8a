"""One line for each event that matters when somebody asks what an attacker did.

The logger is `themis.security`. In JSON, a line has the id of the request, the event,
the id of the user, and the client's address. No line holds a name, an address of mail
or a secret: pass ids as details.
"""

import logging
from typing import TYPE_CHECKING

from allauth.core import context
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.auth.models import _User as User

logger = logging.getLogger("themis.security")


def security_event(
    name: str,
    user: "User | AnonymousUser | None" = None,
    *,
    request: HttpRequest | None = None,
    is_refusal: bool = False,
    **details: object,
) -> None:
    """Log that something happened.

    Args:
        name: what happened, in words_like_these.
        user: who did it, or whom it happened to; None: nobody knows.
        request: in which request; None: the current one, if any.
        is_refusal: whether it was refused, which is a warning.
        details: what else helps to understand it, such as the id of an object.
    """
    extra = {
        "event": name,
        "user": user.pk if user is not None else None,
        "address": address_of(request or context.request),
        "details": details,
    }
    words = {"user": extra["user"], "address": extra["address"], **details}
    logger.log(
        logging.WARNING if is_refusal else logging.INFO,
        "%s %s",
        name,
        " ".join(f"{key}={word}" for key, word in words.items()),
        extra=extra,
    )


def address_of(request: HttpRequest | None) -> str | None:
    """Return the client's address, None if it is unreadable or there is no request."""
    # Not before the apps are loaded: the formatter of the logs imports this module.
    from allauth.account.adapter import get_adapter

    if request is None:
        return None
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):
        return None
