"""Read metrics from the database, or none if it fails."""

from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client.core import CounterMetricFamily, Metric
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
            "Notifications created by all processes.",
            value=row[0] if row else 0,
        )
