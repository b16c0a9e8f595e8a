"""Translate the variable DATABASE_URL into Django's setting DATABASES."""

from typing import Any

from config.env import env

# PostgreSQL's connections. A parameter of DATABASE_URL overrides its default here:
# postgres://…?connect_timeout=5.
CONNECTION: dict[str, object] = {
    "connect_timeout": 2,  # seconds, for each address of the host; not less
    "tcp_user_timeout": 2000,  # milliseconds until what is sent is acknowledged
    # Notice that the server is gone while a query runs.
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
# What the server limits for us. 0 leaves it to the server.
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
        # Each thread keeps its connection: to open the first one takes space, and on a
        # full disk reads go on.
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        # Each thread keeps its connection, and asks it before the first query of a
        # request: one that died while idle is opened again, and no request fails.
        # psycopg's pool would go on failing after an outage until its backoff ends.
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
        options = CONNECTION | SERVER | database.get("OPTIONS", {})
        limits = {name: options.pop(name) for name in SERVER}
        # PgBouncer would refuse these, and share what SQL sets among its clients.
        if not database.get("DISABLE_SERVER_SIDE_CURSORS"):
            flags = [f"-c {name}={value}" for name, value in limits.items() if value]
            options["options"] = " ".join([*flags, str(options.get("options", ""))])
        database["OPTIONS"] = options
    return database
