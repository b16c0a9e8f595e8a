"""The Celery application: `celery -A config worker` finds it here."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from celery import Celery, Task, signals
from django.db import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Touched every two seconds while the worker talks to the broker: its probes look at it.
HEARTBEAT = Path(tempfile.gettempdir(), "worker-heartbeat")


class PatientTask(Task):
    """Tries again while the database is away: after 1, 2, 4 … seconds, with jitter.

    A task may run twice: when a worker dies, another one starts its task again. Write
    tasks that find out what is left to do, as `tracker.tasks` does.
    """

    autoretry_for = (InterfaceError, OperationalError)
    max_retries = 10
    retry_backoff = True
    retry_backoff_max = 600  # seconds
    retry_jitter = True


app = Celery("config", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_the_logging_of_the_settings(**kwargs: Any) -> None:
    """Celery sets up its own, unless somebody listens to this signal."""


@signals.worker_init.connect
def refuse_an_old_database(**kwargs: Any) -> None:
    """A new worker waits for the migration: it ends, and Kubernetes starts it again."""
    from themis.health import HealthCheckError, check_database

    try:
        # It brings a connection of its own, which must not become that of this thread.
        with ThreadPoolExecutor(1) as executor:
            executor.submit(check_database).result()
    except HealthCheckError as error:
        raise SystemExit(f"The worker does not start yet. {error}") from error


@signals.heartbeat_sent.connect
def touch_heartbeat(**kwargs: Any) -> None:
    HEARTBEAT.touch()
