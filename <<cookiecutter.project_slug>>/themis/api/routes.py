"""The mailbox as JSON, under /api/v1/, by API key. Add your own operations here or in a
module of your app, as `themis.api.routes.api.add_router("/tasks", "tracker.api.router")`.

Errors are problem documents (RFC 9457), in the OpenAPI document as well.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.responses import Status
from ninja.security.base import AuthBase
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import from_json

from themis.api.reference import Reference
from themis.api_keys import authenticate
from themis.notifications.bell import MOST, Bell
from themis.models import APIKey, Level, UserNotification, UserProfile
from themis.models.notification import NotificationQuerySet
from themis.notifications import is_safe_url, notify_user
from themis.api.problems import ProblemError

LARGEST_ID = 2**63 - 1
FURTHEST_EXPIRY = timedelta(days=3650)
ROOT = "/api/v1"


class APIRequest(HttpRequest):
    """A request whose key has been accepted."""

    auth: APIKey


class APIKeyAuth(AuthBase):
    """Lets a key with this scope in; with none, any valid key."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "An API key: `Authorization: Bearer thm_…`"

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> APIKey:
        return authenticate(request, self.scope)


class JSONParser(Parser):
    """Refuses what Python's parser lets through: NaN, half of a surrogate pair, nesting
    too deep for its stack."""

    def parse_body(self, request: HttpRequest) -> Any:
        return from_json(request.body, allow_inf_nan=False)


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list["InvalidValue"] | SkipJsonSchema[None] = None


class InvalidValue(Schema):
    detail: str
    pointer: str = Field(description="Where: a JSON pointer, or a parameter's name.")


class API(NinjaAPI):
    """A ninja API whose OpenAPI document tells of every error."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(path_prefix=f"{ROOT}/")
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components = document["components"]
        components["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
        problem = {"$ref": "#/components/schemas/Problem"}
        components["responses"] = {
            status.name: {
                "description": status.phrase,
                "content": {"application/problem+json": {"schema": problem}},
                "headers": ERROR_HEADERS.get(status, {}),
            }
            for status in ERRORS
        }
        for operations in document["paths"].values():
            for operation in operations.values():
                for status in _errors(operation):
                    reference = {"$ref": f"#/components/responses/{status.name}"}
                    operation["responses"][status.value] = reference
        return document


ERRORS = [
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
]
ERROR_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.FORBIDDEN: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": {"schema": {"type": "integer"}}},
}


def _errors(operation: dict[str, Any]) -> list[HTTPStatus]:
    """How an operation can fail, by what it takes."""
    errors = [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        errors.append(HTTPStatus.NOT_FOUND)
    if any(parameter["in"] == "query" for parameter in operation["parameters"]):
        errors.append(HTTPStatus.UNPROCESSABLE_ENTITY)
    if "requestBody" in operation:
        errors += [
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ]
    return [*errors, HTTPStatus.TOO_MANY_REQUESTS]


def _for_people(view: Callable[..., HttpResponse]) -> Any:
    return login_required(require_safe(view))


api = API(
    title=settings.PROJECT_NAME,
    version="1",
    description="Your mailbox, for scripts.",
    urls_namespace="themis:api",
    docs=Reference(),
    docs_url="/docs/",
    docs_decorator=_for_people,
    parser=JSONParser(),
)


# What requests say and answers hold


# PostgreSQL cannot store a NUL.
NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]
Identifier = Annotated[str, StringConstraints(max_length=255, pattern=NO_NUL)]


class Key(Schema):
    name: str
    scopes: list[str]
    expires_at: datetime


class Me(Schema):
    username: str
    email: str
    language: str
    timezone: str
    key: Key


class Notification(Schema):
    id: int
    title: str
    message: str
    level: Level
    url: str
    source_app: str
    source_model: str
    source_id: str
    created_at: datetime
    read_at: datetime | None
    expires_at: datetime | None


class NotificationPage(Schema):
    items: list[Notification] = Field(description="Newest first.")
    next_cursor: int | None = Field(description="For the next page; null: the last.")


class UnreadCount(Schema):
    unread: int = Field(description=f"At most {MOST}.")
    has_more: bool = Field(description="Whether there are more than that.")


class Count(Schema):
    changed: int


def _text(value: Any) -> Any:
    """JSON has no dates: they are text. A number is not one."""
    if value is not None and not isinstance(value, str):
        raise ValueError("Write it as text, such as 2026-12-31T14:30:00Z.")
    return value


def _near_future(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if not timezone.now() < moment < timezone.now() + FURTHEST_EXPIRY:
        raise ValueError("It is not in the next ten years.")
    return moment


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("It is blank.")
    return text


def _safe_url(url: str) -> str:
    if url and not is_safe_url(url):
        raise ValueError("Use a path of this site, or an http(s) address.")
    return url


class Filters(Schema):
    state: Literal["all", "unread", "read"] = "all"
    level: list[Level] = Field([], description="Any of these.")
    source_app: Name = ""
    source_model: Name = ""
    source_id: Identifier = ""
    cursor: int = Field(
        LARGEST_ID, ge=1, le=LARGEST_ID, description="`next_cursor` of the page before."
    )
    limit: int = Field(25, ge=1, le=100)


class NewNotification(Schema):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=NO_NUL),
        AfterValidator(_not_blank),
    ]
    message: Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)] = ""
    level: Level = Level.INFO
    url: Annotated[
        str,
        StringConstraints(max_length=2000, pattern=NO_NUL),
        AfterValidator(_safe_url),
    ] = Field("", description="Where a click goes: a path of this site, or http(s).")
    source_app: Name = ""
    source_model: Name = ""
    source_id: Identifier = ""
    deduplicate: StrictBool = Field(
        False, description="Not when an unread one of the same source exists."
    )
    expires_at: Annotated[
        AwareDatetime | None, BeforeValidator(_text), AfterValidator(_near_future)
    ] = Field(None, description="From when on it is no longer shown.")


# Operations


@api.get(
    "/me", auth=APIKeyAuth(), response=Me, tags=["You"], summary="Show whose key it is"
)
def me(request: APIRequest) -> dict[str, Any]:
    """The owner of the key, and what the key may do."""
    user: Any = request.user
    profile = user.profile
    return {
        "username": user.get_username(),
        "email": user.email,
        "language": profile.language,
        "timezone": profile.timezone,
        "key": request.auth,
    }


@api.get(
    "/notifications",
    auth=APIKeyAuth("notifications:read"),
    response=NotificationPage,
    tags=["Notifications"],
    summary="List notifications",
)
def notification_list(request: APIRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Newest first. Neither dismissed nor expired ones."""
    mailbox = _mailbox(request).filter(pk__lt=filters.cursor)
    if filters.state != "all":
        mailbox = mailbox.filter(read_at__isnull=filters.state == "unread")
    if filters.level:
        mailbox = mailbox.filter(level__in=filters.level)
    for name in ("source_app", "source_model", "source_id"):
        if value := getattr(filters, name):
            mailbox = mailbox.filter(**{name: value})
    rows = list(mailbox.order_by("-id")[: filters.limit + 1])
    items = rows[: filters.limit]
    has_more = len(rows) > filters.limit
    return {"items": items, "next_cursor": items[-1].pk if has_more else None}


@api.post(
    "/notifications",
    auth=APIKeyAuth("notifications:send"),
    response={201: Notification},
    tags=["Notifications"],
    summary="Send a notification to yourself",
)
def notification_send(
    request: APIRequest, notification: NewNotification
) -> Status[UserNotification]:
    """Answers 409 when your preferences keep it out of your mailbox, or when it is a
    duplicate and `deduplicate` is set."""
    user: Any = request.user
    created = notify_user(user, **notification.dict())
    if created is None:
        if user.profile.wants(notification.level):
            raise ProblemError(409, "An unread notification of this source exists.")
        raise ProblemError(409, "Your preferences keep this notification out.")
    return Status(201, created)


@api.get(
    "/notifications/unread-count",
    auth=APIKeyAuth("notifications:read"),
    response=UnreadCount,
    tags=["Notifications"],
    summary="Count unread notifications",
)
def unread_count(request: APIRequest) -> dict[str, Any]:
    """What the bell shows."""
    unread = Bell(request.user).unread
    return {"unread": min(unread, MOST), "has_more": unread > MOST}


@api.post(
    "/notifications/read",
    auth=APIKeyAuth("notifications:write"),
    response=Count,
    tags=["Notifications"],
    summary="Mark all as read",
)
def notifications_read(request: APIRequest) -> dict[str, int]:
    """Returns how many were unread."""
    return {"changed": _mailbox(request).mark_read()}


@api.get(
    "/notifications/{int:id}",
    auth=APIKeyAuth("notifications:read"),
    response=Notification,
    tags=["Notifications"],
    summary="Get a notification",
)
def notification_get(request: APIRequest, id: int) -> UserNotification:
    return _notification(request, id)


@api.post(
    "/notifications/{int:id}/read",
    auth=APIKeyAuth("notifications:write"),
    response=Notification,
    tags=["Notifications"],
    summary="Mark a notification as read",
)
def notification_read(request: APIRequest, id: int) -> UserNotification:
    """Marking it again changes nothing."""
    notification = _notification(request, id)
    notification.mark_read()
    return notification


@api.post(
    "/notifications/{int:id}/dismiss",
    auth=APIKeyAuth("notifications:write"),
    response={204: None},
    tags=["Notifications"],
    summary="Dismiss a notification",
)
def notification_dismiss(request: APIRequest, id: int) -> Status[None]:
    """Takes it out of the mailbox for good."""
    _notification(request, id).dismiss()
    return Status(204, None)


def _mailbox(request: APIRequest) -> NotificationQuerySet:
    user: Any = request.user
    return UserNotification.objects.filter(user=user).visible()


def _notification(request: APIRequest, pk: int) -> UserNotification:
    return get_object_or_404(_mailbox(request), pk=pk)


# Errors


@api.exception_handler(ProblemError)
def _problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return error.response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"detail": one["msg"], "pointer": _pointer(one["loc"])} for one in error.errors
    ]
    return ProblemError(422, "Some values are wrong.", errors=errors).response()


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ProblemError(error.status_code, error.message).response()


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return ProblemError(413, "The body of the request is too big.").response()


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return ProblemError(404, "There is nothing here.").response()


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`: who asks the API is answered with a problem, others in HTML."""
    if not request.path_info.startswith(f"{ROOT}/"):
        return defaults.server_error(request)
    detail = "Something went wrong here. It is logged under this X-Request-ID."
    return ProblemError(500, detail).response()


def _pointer(location: tuple[Any, ...]) -> str:
    """`("body", "notification", "title")` is `#/title`; a parameter is its name."""
    source, *names = location
    if source == "body":
        return "#/" + "/".join(str(name) for name in names[1:])
    return next(name for name in reversed(names) if isinstance(name, str))


# Routes


def _with_problems(view: Callable[..., HttpResponseBase]) -> Any:
    """What ninja answers to a wrong method is plain text: make it a problem."""

    @csrf_exempt
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allow = ", ".join(sorted(response["Allow"].split(", ")))
        detail = f"Use one of these methods: {allow}."
        return ProblemError(405, detail, headers={"Allow": allow}).response()

    return wrapper


@csrf_exempt
def _no_route(request: HttpRequest, unknown: str) -> HttpResponse:
    return ProblemError(404, "There is nothing here.").response()


def urls() -> Any:
    """For `path("api/v1/", urls())`."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _with_problems(pattern.callback)
    # Not path("<path:unknown>"): that stops at a line break.
    anything = re_path(r"(?P<unknown>[\s\S]+)", _no_route)
    return [*patterns, anything], app_name, namespace
