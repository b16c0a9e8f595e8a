"""The Celery application, for `celery -A config worker`."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from celery import Celery, Task, signals
from django.conf import settings
from django.db import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Touched every two seconds while the worker is connected to the broker. Its probes
# check the age of the file.
HEARTBEAT = Path(tempfile.gettempdir(), "worker-heartbeat")

# Settings in config/settings.py override these defaults: CELERY_TASK_TIME_LIMIT, for
# instance, overrides `task_time_limit`.
DEFAULTS = {
    "imports": ["config.mail_tasks"],
    "accept_content": ["json"],
    "task_eager_propagates": True,
    "task_ignore_result": True,
    # Acknowledge a task when it is done. If its worker dies, it runs again.
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    # A worker takes a task only when a process is free. The others wait in the queue,
    # where any worker can take them and the metrics count them.
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_max_tasks_per_child": 1000,
    "worker_soft_shutdown_timeout": 45,  # seconds, like the limits
    "task_soft_time_limit": 9 * 60,
    "task_time_limit": 10 * 60,
    "broker_transport_options": {
        # Keep this above the longest task and the longest retry delay, or Redis
        # delivers the task twice.
        "visibility_timeout": 15 * 60,
        # A request that queues a task must not hang when the broker does. It tries
        # three times: on its current connection, and on two new ones. Workers waiting
        # for tasks don't use these timeouts.
        "socket_connect_timeout": 0.6,
        "socket_timeout": 0.6,
    },
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    # The first connection may have died while idle.
    "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0.2},
}


class PatientTask(Task):
    """Retry while the database is unavailable: after 1, 2, 4 … seconds, with jitter.

    A task may run twice: if its worker dies, another worker runs it again. Write tasks
    that find out what is left to do.
    """

    autoretry_for = (InterfaceError, OperationalError)
    max_retries = 10
    retry_backoff = True
    retry_backoff_max = 600  # seconds
    retry_jitter = True


def defaults() -> dict[str, object]:
    """Return DEFAULTS without those that the settings override.

    Otherwise Celery would prefer these defaults to the settings.
    """
    return {
        name: value
        for name, value in DEFAULTS.items()
        if not hasattr(settings, f"CELERY_{name.upper()}")
    }


app = Celery("config", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(defaults)
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_the_logging_of_the_settings(**kwargs: object) -> None:
    """Keep the logging settings: without a receiver, Celery configures its own."""


@signals.worker_init.connect
def refuse_an_old_database(**kwargs: object) -> None:
    """Exit while migrations are pending. Whatever runs the worker restarts it."""
    from themis.health import HealthCheckError, check_database

    try:
        # The check opens a connection, which this thread must not keep.
        with ThreadPoolExecutor(1) as executor:
            executor.submit(check_database).result()
    except HealthCheckError as error:
        raise SystemExit(f"The worker does not start yet. {error}") from error


@signals.heartbeat_sent.connect
def touch_heartbeat(**kwargs: object) -> None:
    HEARTBEAT.touch()
