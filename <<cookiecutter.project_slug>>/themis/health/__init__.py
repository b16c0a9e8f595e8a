"""Probes: does the process live, can it serve requests, and how is it doing?

    GET /livez     200 while the process answers at all. Asks nothing else.
    GET /readyz    200 while requests may be sent here, 503 otherwise.
    GET /healthz/  the report, for staff or with the token of THEMIS_HEALTH_TOKEN.

A liveness probe that asks the database would restart every pod in an outage.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from themis import conf

logger = logging.getLogger(__name__)

DEADLINE = 2.0  # seconds that a probe waits for the checks
MAX_AGE = 1.0  # seconds for which a result is good, however many probes ask
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class HealthCheckError(Exception):
    """What is wrong, in a few words: staff read them in the report."""


class HealthMiddleware:
    """Answers probes. Put it first in MIDDLEWARE.

    A probe names the pod's address as the host and speaks plain HTTP: ALLOWED_HOSTS
    would refuse it, and a redirect to HTTPS would count as healthy whatever happens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {"/livez": _live, "/readyz": _ready}.get(request.path_info)
        if request.path_info == "/healthz/" and _has_token(request):
            answer = _report
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = HttpResponseNotAllowed(["GET", "HEAD"])
        else:
            response = answer()
        for name, value in HEADERS.items():
            response[name] = value
        if request.method == "HEAD":
            response.content = b""
        return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The report, for staff who are logged in; nobody else learns that it exists."""
    user: Any = request.user
    if not (user.is_authenticated and user.is_staff):
        raise Http404
    response = _report()
    response["Cache-Control"] = "no-store"
    return response


def drain() -> None:
    """From now on `/readyz` answers 503: the process is about to stop."""
    _draining.set()


def check_database() -> None:
    """The database answers and has every migration of this code.

    A database ahead of the code is fine: during a rolling update, old pods see one.
    """
    # A connection of its own: a pool whose connections are all busy is not an outage.
    connection = connections[DEFAULT_DB_ALIAS].copy()
    options = connection.settings_dict["OPTIONS"]
    if options.pop("pool", False):
        options["connect_timeout"] = int(DEADLINE)
    # The migration recorder asks by alias: in this thread, that is the copy.
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    finally:
        connection.close()
    if pending:
        raise HealthCheckError(f"{len(pending)} migrations are not applied.")


def check_cache() -> None:
    """The cache keeps what is put into it."""
    value = time.time()
    cache.set("themis.health", value, timeout=60)
    if cache.get("themis.health") is None:
        raise HealthCheckError("The cache does not keep what is put into it.")


Results = Mapping[str, Future[float]]


class Checks:
    """Runs checks in a thread of their own, waiting for them up to a deadline.

    However many ask, one run is under way at a time, and one request waits for it: the
    others go by the results before. A database that hangs takes no more than that.
    """

    def __init__(self, paths: Callable[[], Mapping[str, str]]) -> None:
        self.paths = paths
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._current: Results = {}
        self._previous: Results = {}
        self._started = 0.0

    def results(self) -> Results:
        """By name: the milliseconds that the check took, its exception, or not done."""
        with self._lock:
            is_done = all(future.done() for future in self._current.values())
            age = time.monotonic() - self._started
            if is_done and age < MAX_AGE:
                return self._current
            if is_done:
                self._previous, self._started, age = self._current, time.monotonic(), 0
                self._current = {
                    name: self._executor.submit(_timed, path)
                    for name, path in self.paths().items()
                }
            elif self._previous and age < DEADLINE:
                return self._previous
            current = self._current
        wait_for(current.values(), timeout=max(DEADLINE - age, 0))
        return current


def _timed(path: str) -> float:
    started = time.perf_counter()
    import_string(path)()
    return (time.perf_counter() - started) * 1000


_draining = threading.Event()
_readiness = Checks(lambda: {"database": "themis.health.check_database"})
_everything = Checks(conf.health_checks)


def _live() -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def _ready() -> HttpResponse:
    if _draining.is_set():
        return HttpResponse("draining", content_type="text/plain", status=503)
    for name, future in _readiness.results().items():
        if problem := _problem(future):
            logger.warning("Not ready: %s: %s", name, problem)
            return HttpResponse("not ready", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


def _report() -> HttpResponse:
    """As in draft-inadarei-api-health-check."""
    checks: dict[str, list[dict[str, Any]]] = {}
    for name, future in _everything.results().items():
        if problem := _problem(future):
            outcome: dict[str, Any] = {"status": "fail", "output": problem}
        else:
            milliseconds = round(future.result(), 1)
            outcome = {
                "status": "pass",
                "observedValue": milliseconds,
                "observedUnit": "ms",
            }
        checks[f"{name}:responseTime"] = [outcome]
    failed = any(one["status"] == "fail" for [one] in checks.values())
    return JsonResponse(
        {"status": "fail" if failed else "pass", "checks": checks},
        content_type="application/health+json",
        status=503 if failed else 200,
    )


def _problem(future: Future[float]) -> str:
    """Why the check failed, or nothing. The details of an accident go to the log."""
    if not future.done():
        return f"No answer within {DEADLINE:g} seconds."
    error = future.exception()
    if error is None:
        return ""
    if isinstance(error, HealthCheckError):
        return str(error)
    logger.warning("A health check failed.", exc_info=error)
    return type(error).__name__


def _has_token(request: HttpRequest) -> bool:
    token = conf.health_token()
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")
