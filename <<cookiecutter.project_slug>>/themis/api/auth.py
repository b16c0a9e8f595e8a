"""Authentication by the API key in the request's Authorization header."""

import functools
import ipaddress
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja.security.base import AuthBase

from themis import conf
from themis.api import limits
from themis.api.problems import ProblemError
from themis.api_keys import verify
from themis.api_keys.scopes import check_scope
from themis.http import UserRequest
from themis.models import APIKey
from themis.security import security_event
from themis.security.log import address_of

USE_INTERVAL = timedelta(minutes=10)  # between two updates of a key's last use


class APIRequest(UserRequest):
    """A request with a valid API key. Its user is the key's owner."""

    auth: APIKey


class APIKeyAuth(AuthBase):
    """Require an API key with this scope, or any valid key if the scope is empty.

    Raises ValueError for an unknown scope when the operation's module is imported.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "An API key: `Authorization: Bearer thm_…`"

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        if scope:
            check_scope(scope)
        self.scope = scope

    def __call__(self, request: HttpRequest) -> APIKey:
        return authenticate(request, self.scope)


def api_key_required(
    scope: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Allow only requests with an API key of this scope into a view.

        @require_GET
        @api_key_required("tasks:read")
        def task_list(request: UserRequest) -> JsonResponse: ...

    Cookies are ignored, so the view needs no CSRF protection.
    Raises ValueError for an unknown scope.
    """
    check_scope(scope)

    def decorate(
        view: Callable[..., HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @functools.wraps(view)
        def wrapper(
            request: HttpRequest, *args: object, **kwargs: object
        ) -> HttpResponseBase:
            try:
                authenticate(request, scope)
            except ProblemError as problem:
                return problem.response()
            response = view(request, *args, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        return wrapper

    return decorate


def authenticate(request: HttpRequest, scope: str = "") -> APIKey:
    """Return the key of `Authorization: Bearer thm_…`, if it has the scope.

    Set the request's user to the key's owner. Raises ProblemError: 401, 403 or 429, or
    400 when the proxy names no client. Raises ValueError for an unknown scope.
    """
    address = address_of(request)
    if address is None:
        raise _refused(request, 400, "X-Forwarded-For contains no valid address.")
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise _refused(
            request,
            401,
            "Send an API key: Authorization: Bearer thm_…",
            headers={"WWW-Authenticate": "Bearer"},
        )
    key = verify(text.strip(), address)
    if key is None:
        # Count only now, so wrong keys never lock out a valid key at the same address.
        failures = f"failures:{_network(address)}"
        if seconds := limits.hit(failures, conf.api_failures_per_minute()):
            raise _too_many(request, seconds)
        raise _refused(
            request,
            401,
            "This API key is not valid.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    if seconds := limits.hit(f"key:{key.pk}", conf.api_requests_per_minute()):
        raise _too_many(request, seconds, key)
    if scope and not key.has_scope(scope):
        check_scope(scope)
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise _refused(
            request,
            403,
            f"This API key lacks the scope {scope}.",
            key,
            headers={"WWW-Authenticate": challenge},
        )
    key.touch(timezone.now(), USE_INTERVAL)
    request.user = key.user
    return key


def _network(address: str) -> str:
    """Return the network that a failure counts for: the /64 of an IPv6 address."""
    ip = ipaddress.ip_address(address)
    size = 64 if ip.version == 6 else 32
    return str(ipaddress.ip_network(f"{ip}/{size}", strict=False).network_address)


def _too_many(
    request: HttpRequest, seconds: int, key: APIKey | None = None
) -> ProblemError:
    return _refused(
        request,
        429,
        f"Too many requests. Try again in {seconds} seconds.",
        key,
        headers={"Retry-After": str(seconds)},
    )


def _refused(
    request: HttpRequest,
    status: int,
    detail: str,
    key: APIKey | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemError:
    """Return the problem, and log it as a security event."""
    security_event(
        "api_refused",
        key.user if key else None,
        request=request,
        is_refusal=True,
        status=status,
        key=key.pk if key else None,
    )
    return ProblemError(status, detail, headers=headers)
