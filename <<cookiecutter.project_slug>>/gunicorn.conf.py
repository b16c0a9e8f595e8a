"""How gunicorn serves the project: `gunicorn config.wsgi`."""

import os
import signal
import threading
from types import FrameType
from typing import Any

# Threads: a slow request must not keep a probe waiting.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))

# The root filesystem may be read-only.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# After SIGTERM a worker serves on for DRAIN_SECONDS, saying on /readyz that it is not
# ready, until nothing sends it requests any more. Only then does it stop, giving the
# requests under way the rest of the time.
DRAIN_SECONDS = float(os.environ.get("GUNICORN_DRAIN_SECONDS", "5"))
graceful_timeout = DRAIN_SECONDS + 20


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
