"""Measure requests, and serve the metrics to Prometheus."""

import os
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from config.metrics.collectors import NotificationCollector
from config.metrics.queue import QueueCollector

REQUESTS = Histogram(
    "http_request_duration_seconds",
    "Duration of requests, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


class MetricsMiddleware:
    """Measure each request. On METRICS_PORT, serve only the metrics."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_PORT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The connection's port, which no header can change.
        if request.META["SERVER_PORT"] == settings.METRICS_PORT:
            return metrics(request)
        started = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        REQUESTS.labels(
            request.method if request.method in METHODS else "other",
            match.route if match else "",
            response.status_code,
        ).observe(perf_counter() - started)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics of all worker processes of this server."""
    if request.path_info != "/metrics":
        return HttpResponseNotFound()
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(NotificationCollector())
    registry.register(QueueCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
