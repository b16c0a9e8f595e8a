"""Read metrics from the database and the broker: none from one that fails."""

from collections.abc import Iterator

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from themis.models import UserNotification

# The number of rows ever inserted. Counting rows would read the whole table.
INSERTIONS = {
    "postgresql": "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = %s",
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = %s",
}


class NotificationCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    INSERTIONS[connection.vendor], [UserNotification._meta.db_table]
                )
                row = cursor.fetchone()
        except DatabaseError:
            return
        yield CounterMetricFamily(
            "themis_notifications_created",
            "Notifications ever created, by any process.",
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
