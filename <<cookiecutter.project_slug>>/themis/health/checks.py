"""Health checks: functions that raise when something is wrong."""

import time

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

DEADLINE = 2.0  # seconds that a probe waits for the checks


class HealthCheckError(Exception):
    """A failed check. Staff read its short message in the report."""


def check_database() -> None:
    """Check that the database answers and has every migration of this code.

    A database ahead of the code is fine: old pods see it during a rolling update.
    """
    # A new connection, because a request also reconnects when its own is broken. It
    # bypasses any pool: a pool whose connections are all busy is not an outage.
    connection = connections[DEFAULT_DB_ALIAS].copy()
    options = connection.settings_dict["OPTIONS"]
    options.pop("pool", None)
    if connection.vendor == "postgresql":
        options["connect_timeout"] = int(DEADLINE)
    # The migration recorder connects by alias: in this thread, that is the copy.
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    finally:
        connection.close()
    if pending:
        raise HealthCheckError(f"{len(pending)} migrations are not applied.")


def check_cache() -> None:
    """Check that the cache stores values."""
    value = time.time()
    cache.set("themis.health", value, timeout=60)
    if cache.get("themis.health") is None:
        raise HealthCheckError("The cache does not store values.")
