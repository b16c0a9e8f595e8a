"""How gunicorn serves the project: `gunicorn config.wsgi`."""

import os
import signal
import socket
import tempfile
import threading
from socketserver import TCPServer, ThreadingMixIn
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

# Threads: a slow request must not keep a probe waiting.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
HOST = bind.rpartition(":")[0].strip("[]")

# The workers add up their figures in files.
METRICS_PORT = os.environ.get("METRICS_PORT")
if METRICS_PORT:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

# The root filesystem may be read-only.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# Its own messages are lines of JSON too. Requests are logged by RequestLogMiddleware,
# without the query strings that gunicorn would log.
logconfig_dict = {
    "formatters": {"generic": {"()": "themis.http.request_log.JSONFormatter"}},
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


class MetricsServer(ThreadingMixIn, WSGIServer):
    """Answers Prometheus and the liveness probe on a port that no Ingress leads to.

    Each worker has one beside its threads for requests: while all of these wait for a
    database that hangs, the worker still lives, and a restart would mend nothing.
    """

    address_family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    allow_reuse_port = True  # the workers share it
    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's would ask for the host's name
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]
        self.setup_environ()


class MetricsHandler(WSGIRequestHandler):
    timeout = 10  # seconds

    def log_message(self, *args: Any) -> None:
        pass


def post_worker_init(worker: Any) -> None:
    from themis import health

    if METRICS_PORT:
        server = MetricsServer((HOST, int(METRICS_PORT)), MetricsHandler)
        server.set_app(worker.wsgi)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    stop = worker.handle_exit
    timers: list[threading.Timer] = []

    def drain(number: int, frame: FrameType | None) -> None:
        if not timers:  # a reload repeats the signal every second
            health.drain()
            timers.append(threading.Timer(DRAIN_SECONDS, stop, (number, frame)))
            timers[0].start()

    signal.signal(signal.SIGTERM, drain)
    signal.siginterrupt(signal.SIGTERM, False)
