"""Metrics for Prometheus, at /metrics of a port of their own: METRICS_PORT.

http_request_duration_seconds        by method, route and status. Its `_count` are the
                                     requests. Probes are not among them.
themis_notifications_created_total   by whatever process: the database counts.
celery_queue_length                  tasks that wait for a worker.
celery_unacknowledged_tasks          tasks that a worker has, or had when it died.
"""

import os
from collections.abc import Callable, Iterator
from time import perf_counter

import redis
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from themis.models import UserNotification

REQUESTS = Histogram(
    "http_request_duration_seconds",
    "How long requests took, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

# How many rows were ever inserted. Counting what is there would read the whole table.
INSERTIONS = {
    "postgresql": "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = %s",
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = %s",
}


class MetricsMiddleware:
    """Measures every request, and answers on the port of the metrics alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_PORT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The port that the connection came in by. No header can change it.
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
    """The metrics of all worker processes of this server."""
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


class NotificationCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    INSERTIONS[connection.vendor], [UserNotification._meta.db_table]
                )
                row = cursor.fetchone()
        except DatabaseError:
            return  # no figure says so to Prometheus
        yield CounterMetricFamily(
            "themis_notifications_created",
            "Notifications ever created, by whatever process.",
            value=row[0] if row else 0,
        )


class QueueCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        if not settings.CELERY_BROKER_URL:
            return
        try:
            with redis.Redis.from_url(
                settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1
            ) as broker:
                waiting, taken = broker.llen("celery"), broker.hlen("unacked")
        except redis.RedisError:
            return
        yield GaugeMetricFamily(
            "celery_queue_length", "Tasks that wait for a worker.", value=waiting
        )
        yield GaugeMetricFamily(
            "celery_unacknowledged_tasks",
            "Tasks that a worker has, or had when it died.",
            value=taken,
        )
