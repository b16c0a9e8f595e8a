"""Who asks, by the API key in the request's Authorization header."""

import functools
import ipaddress
from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
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

USE_INTERVAL = timedelta(minutes=10)  # between two updates of a key's last use


class APIRequest(UserRequest):
    """A request whose key has been accepted: its user is the key's owner."""

    auth: APIKey


class APIKeyAuth(AuthBase):
    """Let a key with this scope into an operation; with none, any valid key.

    Raises ValueError for an unknown scope, when the operation's module is imported.
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
    """Let requests with an API key of this scope into a view, and no others.

        @require_GET
        @api_key_required("tasks:read")
        def task_list(request: UserRequest) -> JsonResponse: ...

    Cookies do not count, so that the view needs no protection against forged requests.
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

    The request's user becomes the key's owner. Raises ProblemError: 401, 403 or 429,
    and ValueError for an unknown scope.
    """
    address = get_adapter().get_client_ip(request)
    failures = f"failures:{_network(address)}"
    failures_limit = conf.api_failures_per_minute()
    if seconds := limits.exceeded(failures, failures_limit):
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
        limits.hit(failures, failures_limit)
        raise ProblemError(
            401,
            "This API key is not valid.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    if seconds := limits.hit(f"key:{key.pk}", conf.api_requests_per_minute()):
        raise _too_many(seconds)
    if scope and not key.has_scope(scope):
        check_scope(scope)
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise ProblemError(
            403,
            f"This API key lacks the scope {scope}.",
            headers={"WWW-Authenticate": challenge},
        )
    key.touch(timezone.now(), USE_INTERVAL)
    request.user = key.user
    return key


def _network(address: str) -> str:
    """Return whom a failure counts for: a client with one IPv6 address has its /64."""
    ip = ipaddress.ip_address(address)
    size = 64 if ip.version == 6 else 32
    return str(ipaddress.ip_network(f"{ip}/{size}", strict=False).network_address)


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(
        429,
        f"Too many requests. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )
