"""Read metrics of Celery's queue from the broker, or none if it fails.

celery_queue_length          tasks that are waiting for a worker.
celery_unacknowledged_tasks  tasks that a worker is running, or was when it died.
"""

from collections.abc import Iterator

from django.conf import settings
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class QueueCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        if not settings.CELERY_BROKER_URL:
            return
        import redis  # 10 MB of memory, which a server without a broker saves

        try:
            with redis.Redis.from_url(
                settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1
            ) as broker:
                waiting, taken = broker.llen("celery"), broker.hlen("unacked")
        except redis.RedisError:
            return
        yield GaugeMetricFamily(
            "celery_queue_length", "Tasks that are waiting for a worker.", value=waiting
        )
        yield GaugeMetricFamily(
            "celery_unacknowledged_tasks",
            "Tasks that a worker is running, or was when it died.",
            value=taken,
        )
