"""Translate the variable DATABASE_URL into Django's setting DATABASES."""

from typing import Any

from config.env import env

# Connections to PostgreSQL. Parameters of DATABASE_URL override these defaults:
# postgres://…?connect_timeout=5.
CONNECTION: dict[str, object] = {
    "connect_timeout": 2,  # seconds for each address of the host; the minimum
    "tcp_user_timeout": 2000,  # milliseconds to wait for an acknowledgment
    # Detect a lost server while a query runs.
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
# Limits that the server enforces for this project. 0 keeps the server's own.
SERVER: dict[str, object] = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5min",
}


def database_settings(url: str) -> dict[str, Any]:
    """Return the settings of the database that a URL names."""
    database: dict[str, Any] = env.db_url_config(url)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # With Django's defaults, two processes that read and then write fail with
        # "database is locked"; taking the write lock at BEGIN makes the second wait.
        # Each thread keeps its connection, because opening the first one needs disk
        # space: so reads still work when the disk is full.
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        # Each thread keeps its connection, and checks it before the first query of a
        # request: one that died while idle is reopened, and no request fails.
        # psycopg's pool would keep failing after an outage until its backoff ends.
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
        options = CONNECTION | SERVER | database.get("OPTIONS", {})
        limits = {name: options.pop(name) for name in SERVER}
        # PgBouncer refuses these, and shares what SQL sets among its clients.
        if not database.get("DISABLE_SERVER_SIDE_CURSORS"):
            flags = [f"-c {name}={value}" for name, value in limits.items() if value]
            options["options"] = " ".join([*flags, str(options.get("options", ""))])
        database["OPTIONS"] = options
    return database
