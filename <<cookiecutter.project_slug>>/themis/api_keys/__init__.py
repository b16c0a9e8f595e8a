"""API keys: for scripts, so that they need nobody's password.

    @require_GET
    @api_key_required("tasks:read")
    def task_list(request): ...  # request.user is the key's owner

A key is `thm_`, 32 random characters of base62 (190 bits) and a checksum. That much
chance needs no slow hash: SHA-256 takes microseconds, a password hash a third of a
second, which would let anybody keep the server busy with wrong keys. The checksum
refuses junk without a query; the prefix lets secret scanners find a leaked key.
"""

import functools
import hashlib
import ipaddress
import re
import secrets
import string
import zlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from themis import conf
from themis.api import limits as rate_limits
from themis.models import APIKey, APIKeyEvent, UserProfile
from themis.notifications import notify_user
from themis.api.problems import ProblemError

__all__ = [
    "FormUsedError",
    "IssueError",
    "api_key_required",
    "authenticate",
    "issue",
    "rotate",
    "verify",
    "warn_of_expiry",
]

PREFIX = "thm_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PATTERN = re.compile(r"thm_[0-9A-Za-z]{38}")

ACTIVE_KEYS = 20  # of one user
LIFETIME_DAYS = 90
LONGEST_DAYS = 365
USE_INTERVAL = timedelta(minutes=10)
EXPIRY_WARNING = timedelta(days=7)


class IssueError(Exception):
    """No key was made. The message tells people why."""


class FormUsedError(IssueError):
    """The form has made its key."""


def issue(
    user: Any,
    name: str,
    scopes: Iterable[str] = (),
    *,
    days: int = LIFETIME_DAYS,
    networks: Iterable[str] = (),
    by: Any = None,
    form_id: UUID | None = None,
) -> tuple[APIKey, str]:
    """Makes a key, notes who did, and tells its owner.

    Args:
        user: whose key it is.
        scopes: what it may do.
        days: how long it is valid.
        networks: where it may be used from, such as `192.0.2.0/24`; none: anywhere.
        by: the user who makes it, or None for the command line.
        form_id: a form makes one key, however often it is sent.

    Returns:
        The key, and its text. Only the caller will ever know the text: show it once.

    Raises:
        IssueError: the user has 20 active keys.
        FormUsedError: the form has made its key.
        ValueError: an unknown scope, or something that is not a network.
    """
    allowed_scopes, allowed_networks = list(scopes), list(networks)
    for scope in allowed_scopes:
        _checked_scope(scope)
    for network in allowed_networks:
        ipaddress.ip_network(network)
    text = _generate()
    now = timezone.now()
    with transaction.atomic():
        # Two requests at once must not both find 19: one waits here for the other.
        get_user_model()._base_manager.select_for_update().get(pk=user.pk)
        keys = APIKey.objects.filter(user=user)
        if form_id and keys.filter(form_id=form_id).exists():
            raise FormUsedError(
                _("That key was created, and shown once. It cannot be shown again.")
            )
        if keys.active().count() >= ACTIVE_KEYS:
            raise IssueError(
                _("A user may have %(count)s active keys. Revoke one first.")
                % {"count": ACTIVE_KEYS}
            )
        key = APIKey.objects.create(
            user=user,
            name=name,
            prefix=text[: len(PREFIX) + 6],
            digest=_digest(text),
            form_id=form_id,
            scopes=allowed_scopes,
            networks=allowed_networks,
            created_at=now,
            expires_at=now + timedelta(days=days),
            # Whoever makes a key for a week knows that it expires within a week.
            expiry_notified_at=now if days <= EXPIRY_WARNING.days else None,
        )
        APIKeyEvent.objects.record(APIKeyEvent.Action.CREATED, [key], by)
        with translation.override(user.profile.language):
            _notify(
                key,
                _("New API key: %(name)s") % {"name": name},
                _("If you did not create it, revoke it and change your password."),
            )
    return key, text


def rotate(
    key: APIKey,
    *,
    grace: timedelta = timedelta(0),
    by: Any = None,
    form_id: UUID | None = None,
) -> tuple[APIKey, str]:
    """Makes a key like this one, which stays valid for the grace time and no longer.

    Returns and raises what `issue()` does, and IssueError when the key is not active.
    """
    with transaction.atomic():
        old = APIKey.objects.select_for_update().get(pk=key.pk)
        if not old.is_active:
            raise IssueError(_("The key %(key)s is no longer active.") % {"key": old})
        old.expires_at = min(old.expires_at, timezone.now() + grace)
        # Replaced already: its owner needs no warning.
        old.expiry_notified_at = timezone.now()
        old.save(update_fields=["expires_at", "expiry_notified_at"])
        APIKeyEvent.objects.record(APIKeyEvent.Action.ROTATED, [old], by)
        return issue(
            old.user,
            old.name,
            old.scopes,
            days=max((key.expires_at - key.created_at).days, 1),
            networks=old.networks,
            by=by,
            form_id=form_id,
        )


def verify(text: str, address: str) -> APIKey | None:
    """The active key of an active user that may be used from the address, or None.

    Junk needs no query. For an unknown key, a revoked and an expired one the same query
    finds nothing: neither the answer nor its time tells which it was.
    """
    if not (PATTERN.fullmatch(text) and _checksum(text[:-6]) == text[-6:]):
        return None
    key = (
        APIKey.objects.active()
        .filter(digest=_digest(text), user__is_active=True)
        .select_related("user")
        .first()
    )
    return key if key and key.allows_address(address) else None


def authenticate(request: HttpRequest, scope: str = "") -> APIKey:
    """The key of `Authorization: Bearer thm_…`, if it may do what the scope names.

    The request's user becomes the key's owner. Raises ProblemError: 401, 403 or 429.
    """
    address = get_adapter().get_client_ip(request)
    failures = f"failures:{_network(address)}"
    failures_limit = conf.api_failures_per_minute()
    if seconds := rate_limits.exceeded(failures, failures_limit):
        raise _too_many(seconds)
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise ProblemError(
            401,
            "Send an API key: Authorization: Bearer thm_…",
            headers={"WWW-Authenticate": "Bearer"},
        )
    key = verify(text.strip(), address)
    if key is None:
        rate_limits.hit(failures, failures_limit)
        raise ProblemError(
            401,
            "This API key is not valid.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    if seconds := rate_limits.hit(f"key:{key.pk}", conf.api_requests_per_minute()):
        raise _too_many(seconds)
    if scope and not key.has_scope(scope):
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise ProblemError(
            403,
            f"This API key lacks the scope {scope}.",
            headers={"WWW-Authenticate": challenge},
        )
    key.touch(timezone.now(), USE_INTERVAL)
    request.user = key.user
    return key


def api_key_required(
    scope: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Lets requests with an API key of this scope into a view, and no others.

    Cookies do not count, so that the view needs no protection against forged requests.
    Raises ValueError for an unknown scope.
    """
    _checked_scope(scope)

    def decorate(
        view: Callable[..., HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                authenticate(request, scope)
            except ProblemError as problem:
                return problem.response()
            response = view(request, *args, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        return wrapper

    return decorate


def warn_of_expiry() -> int:
    """Tells owners, once a key, that it expires within a week. Returns how many keys.

    Run it once a day: `manage.py api_keys warn`.
    """
    soon = timezone.now() + EXPIRY_WARNING
    expiring = APIKey.objects.active().filter(
        expires_at__lte=soon, expiry_notified_at=None
    )
    warned = 0
    for key in expiring.select_related("user__profile").iterator():
        with transaction.atomic():
            # Whichever of two jobs at once notes it first is the one that tells.
            if not APIKey.objects.filter(pk=key.pk, expiry_notified_at=None).update(
                expiry_notified_at=timezone.now()
            ):
                continue
            with translation.override(key.user.profile.language):
                _notify(
                    key,
                    _("API key expires soon: %(name)s") % {"name": key.name},
                    _("Rotate it before whatever uses it stops working."),
                )
        warned += 1
    return warned


def _notify(key: APIKey, title: str, message: str) -> None:
    notify_user(
        key.user,
        title,
        message,
        level="warning",
        url=reverse("themis:api-key-list"),
        source_app="themis",
        source_model="APIKey",
        source_id=str(key.pk),
    )


def _generate() -> str:
    text = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(32))
    return text + _checksum(text)


def _checksum(text: str) -> str:
    """CRC32, as six characters of base62."""
    number, characters = zlib.crc32(text.encode()), ""
    for _position in range(6):
        number, index = divmod(number, len(ALPHABET))
        characters = ALPHABET[index] + characters
    return characters


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _checked_scope(scope: str) -> None:
    known = conf.api_scopes()
    if scope not in known:
        raise ValueError(
            f"Unknown scope {scope!r}. Use one of {list(known)}, or add yours to "
            "THEMIS_API_SCOPES."
        )


def _network(address: str) -> str:
    """Whom a failure is counted for: who has one IPv6 address has its whole /64."""
    ip = ipaddress.ip_address(address)
    size = 64 if ip.version == 6 else 32
    return str(ipaddress.ip_network(f"{ip}/{size}", strict=False).network_address)


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(
        429,
        f"Too many requests. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )
