"""Logs for machines: a line of JSON each, with the id of the request that it is about.

No line holds a secret: requests are logged by their route, never by their address,
which may be a password reset link; and whatever looks like an API key is masked.
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

logger = logging.getLogger(__name__)

request_id: ContextVar[str] = ContextVar("request_id", default="")
ID = re.compile(r"[0-9A-Za-z-]{8,64}")
KEY = re.compile(r"(thm_[0-9A-Za-z]{6})[0-9A-Za-z]+")
FIELDS = ("method", "route", "status", "milliseconds")


class RequestLogMiddleware:
    """Gives each request an id, or keeps the proxy's, and logs how it went."""

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
            "route": match.route if match else None,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
        }
        logger.info("%(method)s /%(route)s %(status)s", details, extra=details)
        response["X-Request-ID"] = request_id.get()
        request_id.reset(token)
        return response


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get() or None,
        }
        for name in FIELDS:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return KEY.sub(r"\1***", json.dumps(line, default=str))
