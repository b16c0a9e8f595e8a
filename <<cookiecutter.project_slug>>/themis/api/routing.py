"""The API object and its URLs."""

import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from themis.api.document import Document
from themis.api.error_handlers import add_error_handlers
from themis.api.examples import add_examples
from themis.api.openapi import describe_errors
from themis.api.operations import router as mailbox
from themis.api.parser import JSONParser
from themis.api.problems import ProblemError
from themis.api.reference import Reference
from themis.api_keys.routes import path_of_api
from themis.http import outages

NAMESPACE = "themis-api"

View = Callable[..., HttpResponseBase]


class API(NinjaAPI):
    """A ninja API whose document describes every error, with examples."""

    def add_router(self, prefix: str, router: Router | str, **options: Any) -> None:
        """Add the operations of an app. Call it in the app's `ready()`.

        Adding a router again changes nothing: every `ready()` runs again when a test
        overrides INSTALLED_APPS. Raises ConfigError if the URLs are already loaded.
        """
        if isinstance(router, str):
            router = import_string(router)
        if (prefix, router) not in self._routers:
            super().add_router(prefix, router, **options)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the OpenAPI document."""
        document = super().get_openapi_schema(**options)
        describe_errors(document)
        add_examples(cast(Document, document))
        return document


def _for_people(view: View) -> View:
    return login_required(require_safe(view))


api = API(
    title=settings.PROJECT_NAME,
    version="1",
    description="Your mailbox, for scripts.",
    urls_namespace=NAMESPACE,
    docs=Reference(),
    docs_url="/docs/",
    docs_decorator=_for_people,
    parser=JSONParser(),
    default_router=mailbox,
)
add_error_handlers(api)


def urls() -> list[URLPattern | URLResolver]:
    """Return the URL patterns of `themis.urls.api`."""
    patterns, _app_name, _namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _with_problems(pattern.callback)
    # Not path("<path:unknown>"): that stops at a line break.
    anything = re_path(r"(?P<unknown>[\s\S]+)", _no_route)
    return [*patterns, anything]


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`: respond to API requests with a problem, to others with HTML.

    In an outage, the status is 503.
    """
    root = path_of_api()
    if not root or not request.path.startswith(root):
        return outages.server_error(request)
    if outages.is_outage(sys.exception()):
        detail = "Something that this request needs is unavailable. Try again soon."
        return ProblemError(503, detail, headers=outages.HEADERS).response()
    detail = "Something went wrong here. It is logged under this X-Request-ID."
    return ProblemError(500, detail).response()


def _with_problems(view: View) -> View:
    """Replace ninja's plain-text response to a wrong method with a problem."""

    @csrf_exempt
    def wrapper(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
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
