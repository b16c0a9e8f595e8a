"""How gunicorn serves the project: `gunicorn config.wsgi`."""

import os
import signal
import tempfile
import threading
from types import FrameType
from typing import Any

# Threads: a slow request must not keep a probe waiting.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))

# Prometheus asks a port of its own, which no Ingress leads to. The workers add up their
# figures in files.
bind = [os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")]
if metrics_port := os.environ.get("METRICS_PORT"):
    bind.append(f"{bind[0].rpartition(':')[0]}:{metrics_port}")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

# The root filesystem may be read-only.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# Its own messages are lines of JSON too. Requests are logged by RequestLogMiddleware,
# without the query strings that gunicorn would log.
logconfig_dict = {
    "formatters": {"generic": {"()": "themis.request_log.JSONFormatter"}},
    "root": {"level": "INFO", "handlers": ["error_console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "propagate": True},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}

# After SIGTERM a worker serves on for DRAIN_SECONDS, saying on /readyz that it is not
# ready, until nothing sends it requests any more. Only then does it stop, giving the
# requests under way the rest of the time.
DRAIN_SECONDS = float(os.environ.get("GUNICORN_DRAIN_SECONDS", "5"))
graceful_timeout = int(DRAIN_SECONDS) + 20


def post_worker_init(worker: Any) -> None:
    from themis import health

    stop = worker.handle_exit
    timers: list[threading.Timer] = []

    def drain(number: int, frame: FrameType | None) -> None:
        if not timers:  # a reload repeats the signal every second
            health.drain()
            timers.append(threading.Timer(DRAIN_SECONDS, stop, (number, frame)))
            timers[0].start()

    signal.signal(signal.SIGTERM, drain)
    signal.siginterrupt(signal.SIGTERM, False)
