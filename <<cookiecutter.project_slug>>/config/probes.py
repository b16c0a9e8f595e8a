"""Let gunicorn's workers answer probes while they are busy or shutting down."""

import signal
import socket
import threading
from collections.abc import Callable
from socketserver import TCPServer, ThreadingMixIn
from types import FrameType
from typing import Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

from django.db import connections

from themis import health


class Worker(Protocol):
    """The part of gunicorn's worker that we use. It has no type hints."""

    wsgi: WSGIApplication
    enqueue_req: Callable[[Any], None]

    def handle_exit(self, number: int, frame: FrameType | None) -> None: ...


def serve_metrics_port(worker: Worker, host: str, port: int) -> None:
    """Answer Prometheus and the liveness probe in a separate thread.

    A worker whose request threads all wait for a hanging database is still alive, and a
    restart would fix nothing.
    """
    server = MetricsServer(host, port)
    server.set_app(worker.wsgi)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def drain_on_sigterm(worker: Worker, seconds: float) -> None:
    """Make SIGTERM stop the worker only after a delay.

    Meanwhile it still serves requests, but /readyz reports that it is not ready, until
    nothing sends it requests any more.
    """
    timers: list[threading.Timer] = []

    def drain(number: int, frame: FrameType | None) -> None:
        if not timers:  # a reload repeats the signal every second
            health.drain()
            timers.append(threading.Timer(seconds, worker.handle_exit, (number, frame)))
            timers[0].start()

    signal.signal(signal.SIGTERM, drain)
    signal.siginterrupt(signal.SIGTERM, False)


class MetricsServer(ThreadingMixIn, WSGIServer):
    allow_reuse_port = True  # the workers share it
    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), MetricsHandler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would look up the host's name
        self.server_name, self.server_port = self.socket.getsockname()[:2]
        self.setup_environ()

    def shutdown_request(self, request: Any) -> None:
        """Close the thread's database connection, which would otherwise leak."""
        connections.close_all()
        super().shutdown_request(request)


class MetricsHandler(WSGIRequestHandler):
    timeout = 10  # seconds

    def log_message(self, *args: object) -> None:
        pass
