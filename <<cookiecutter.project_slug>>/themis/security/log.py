"""The security log: one line for each event that helps to investigate an attack.

The logger is `themis.security`. In JSON, a line has the request id, the event, the user
id and the client's address. Lines contain no names, email addresses or secrets: pass
ids as details.
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
    """Log a security event.

    Args:
        name: what happened, in words_like_these.
        user: who did it, or who was affected; None: unknown.
        request: the request; None: the current one, if any.
        is_refusal: whether something was refused, which is logged as a warning.
        details: more information, such as the id of an object.
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
    """Return the client's address, or None if unreadable or without a request."""
    # Imported late: the log formatter imports this module before the apps are loaded.
    from allauth.account.adapter import get_adapter

    if request is None:
        return None
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):
        return None
