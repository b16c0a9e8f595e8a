"""Responses to the probes of a process manager."""

import logging
import threading

from django.http import HttpResponse

from themis.health.runner import CheckRunner, problem_of

logger = logging.getLogger(__name__)

_draining = threading.Event()
_readiness = CheckRunner(lambda: {"database": "themis.health.check_database"})


def live() -> HttpResponse:
    """Answer `/livez`."""
    return HttpResponse("ok", content_type="text/plain")


def ready() -> HttpResponse:
    """Answer `/readyz`."""
    if _draining.is_set():
        return HttpResponse("draining", content_type="text/plain", status=503)
    for name, check in _readiness.results().items():
        if problem := problem_of(check):
            logger.warning("Not ready: %s: %s", name, problem)
            return HttpResponse("not ready", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


def drain() -> None:
    """Make `/readyz` answer 503 from now on: the process is about to stop."""
    _draining.set()
