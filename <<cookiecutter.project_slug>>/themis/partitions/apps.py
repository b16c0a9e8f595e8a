"""Optional: the mailbox in 8 PostgreSQL partitions, by user. See docs/scaling.md."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks
from django.core.checks import CheckMessage, register
from django.db import connections, router


class PartitionsConfig(AppConfig):
    name = "themis.partitions"
    label = "themis_partitions"

    def ready(self) -> None:
        register(check_database, "themis")


def check_database(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """`themis.W002`: the database has no partitions."""
    from themis.models import UserNotification

    connection = connections[router.db_for_write(UserNotification)]
    if connection.vendor == "postgresql":
        return []
    return [
        checks.Warning(
            f"{connection.display_name} lacks partitions: the mailbox stays one table.",
            hint="Use PostgreSQL, or take themis.partitions out of INSTALLED_APPS.",
            id="themis.W002",
        )
    ]
