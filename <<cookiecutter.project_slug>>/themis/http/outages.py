"""Errors during outages: a request needs something that is unavailable.

    handler500 = "themis.http.outages.server_error"

It responds to these with 503 and the template 503.html, and to other errors as Django
does. `themis.api.server_error` also handles the API, with problem documents.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.views import defaults

RETRY_AFTER = 5  # seconds
HEADERS = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}


class OutageError(Exception):
    """Something other than the database, such as the cache, does not answer."""


def server_error(request: HttpRequest) -> HttpResponse:
    """For `handler500`: respond with 503 in an outage, otherwise with 500."""
    if not is_outage(sys.exception()):
        return defaults.server_error(request)
    try:
        page: str = loader.render_to_string("503.html")
    except TemplateDoesNotExist:
        page = "<h1>Service Unavailable (503)</h1>"
    return HttpResponse(page, status=503, headers=HEADERS)


def is_outage(error: BaseException | None) -> bool:
    """Return whether retrying may help without a change of the code."""
    if isinstance(error, InterfaceError | OperationalError):
        # SQLite also raises OperationalError for invalid statements.
        cause = error.__cause__
        return getattr(cause, "sqlite_errorname", "") != "SQLITE_ERROR"
    return isinstance(error, OutageError)
