"""Logs in JSON, one object a line, with the request id.

Lines contain no secrets. Requests are logged by route, not by URL, which may be a
password reset link. Anything that looks like an API key is masked.
"""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from themis.security import security_event

logger = logging.getLogger(__name__)

request_id: ContextVar[str] = ContextVar("request_id", default="")
ID = re.compile(r"[0-9A-Za-z-]{8,64}")
KEY = re.compile(r"(thm_[0-9A-Za-z]{6})[0-9A-Za-z]+")
FIELDS = ("method", "route", "status", "milliseconds")
FIELDS_OF_EVENTS = ("event", "user", "address", "details")
UNKNOWN = "(unknown)"  # the route of a URL that does not resolve
# Object ids that may be logged: anything else in a URL is left out.
OBJECT_ID = re.compile(r"[0-9a-f-]{1,36}")


class RequestLogMiddleware:
    """Give each request an id, or keep the proxy's, and log the outcome."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if ID.fullmatch(given) else uuid.uuid4().hex)
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        details = {
            "method": request.method,
            "route": match.route if match else UNKNOWN,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
        }
        logger.info("%(method)s /%(route)s %(status)s", details, extra=details)
        if match and match.app_name == "admin" and request.method == "POST":
            log_admin(request, response)
        response["X-Request-ID"] = request_id.get()
        request_id.reset(token)
        return response


def log_admin(request: HttpRequest, response: HttpResponse) -> None:
    """Log a form sent to the admin, and its response, as a security event.

    A redirect means success. A page means that the form has errors or asks to confirm.
    """
    match = request.resolver_match
    object_id = str(match.kwargs.get("object_id", "")) if match else ""
    was_read = response.status_code in (200, 302)  # otherwise the form may be unread
    security_event(
        "admin_form_sent",
        getattr(request, "user", None),
        request=request,
        is_refusal=not was_read,
        route=match.route if match else UNKNOWN,
        object=object_id if OBJECT_ID.fullmatch(object_id) else None,
        selected=len(request.POST.getlist("_selected_action")) if was_read else None,
        status=response.status_code,
    )


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get() or None,
        }
        for name in (*FIELDS, *FIELDS_OF_EVENTS):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return KEY.sub(r"\1***", json.dumps(line, default=str))
