"""What is asked: a check is a function that raises when something is wrong."""

import time

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

DEADLINE = 2.0  # seconds that a probe waits for the checks


class HealthCheckError(Exception):
    """What is wrong, in a few words: staff read them in the report."""


def check_database() -> None:
    """Check that the database answers and has every migration of this code.

    A database ahead of the code is fine: during a rolling update, old pods see one.
    """
    # A new connection, as a request opens one when its own died. Without the pool, if
    # there is one: that all of its connections are busy is not an outage.
    connection = connections[DEFAULT_DB_ALIAS].copy()
    options = connection.settings_dict["OPTIONS"]
    options.pop("pool", None)
    if connection.vendor == "postgresql":
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
    """Check that the cache keeps what is put into it."""
    value = time.time()
    cache.set("themis.health", value, timeout=60)
    if cache.get("themis.health") is None:
        raise HealthCheckError("The cache does not keep what is put into it.")
