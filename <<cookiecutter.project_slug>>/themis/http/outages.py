"""Errors that are nobody's bug: something that a request needs is out of reach.

    handler500 = "themis.http.outages.server_error"

It answers these with 503 and the template 503.html, others as Django does.
`themis.api.server_error` also answers the API, with problems.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.views import defaults

RETRY_AFTER = 5  # seconds
HEADERS = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}


class OutageError(Exception):
    """Something other than the database does not answer, such as the cache."""


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`: answer with 503 in an outage, otherwise with 500."""
    if not is_outage(sys.exception()):
        return defaults.server_error(request)
    try:
        page: str = loader.render_to_string("503.html")
    except TemplateDoesNotExist:
        page = "<h1>Service Unavailable (503)</h1>"
    return HttpResponse(page, status=503, headers=HEADERS)


def is_outage(error: BaseException | None) -> bool:
    """Return whether it may help to try the same again, with no fix of the code."""
    if isinstance(error, InterfaceError | OperationalError):
        # SQLite calls it operational, too, when a statement is wrong.
        cause = error.__cause__
        return getattr(cause, "sqlite_errorname", "") != "SQLITE_ERROR"
    return isinstance(error, OutageError)
