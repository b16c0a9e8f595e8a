"""Handlers that turn exceptions into problem documents."""

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from themis.api.problems import ProblemError


def add_error_handlers(api: NinjaAPI) -> None:
    """Make the API respond with a problem document when an operation raises."""
    api.exception_handler(ProblemError)(_problem)
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(HttpError)(_unreadable)
    api.exception_handler(RequestDataTooBig)(_too_big)
    api.exception_handler(Http404)(_not_found)


def _problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return error.response()


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"detail": one["msg"], "pointer": _pointer(one["loc"])} for one in error.errors
    ]
    return ProblemError(422, "Some values are wrong.", errors=errors).response()


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ProblemError(error.status_code, error.message).response()


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return ProblemError(413, "The body of the request is too big.").response()


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return ProblemError(404, "There is nothing here.").response()


def _pointer(location: tuple[str | int, ...]) -> str:
    """Return a parameter's name, or the location in the body as a JSON pointer.

    `("body", "notification", "title")` is `#/title`.
    """
    source, *names = location
    if source == "body":
        return "#/" + "/".join(str(name) for name in names[1:])
    return next(name for name in reversed(names) if isinstance(name, str))
