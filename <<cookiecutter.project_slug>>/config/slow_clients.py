"""Close connections whose requests come too slowly: each would keep a thread.

gunicorn waits for the rest of a request as long as the client likes. A proxy that
buffers requests keeps slow clients away; not every proxy does.
"""

import errno
import socket
import time
from typing import Any

from config.probes import Worker

SLOWEST = 500  # bytes a second: who sends more gets more time


def read_within(worker: Worker, seconds: float) -> None:
    """Close connections that have not sent a whole request in time.

    The time begins when the connection is accepted, or its next request begins, and not
    when a thread takes it. Bytes that have arrived by then are read all the same.
    """
    enqueue = worker.enqueue_req

    def enqueue_req(connection: Any) -> None:
        if type(connection.sock) is socket.socket:
            connection.sock = Socket(fileno=connection.sock.detach())
        if isinstance(connection.sock, Socket):  # not where gunicorn itself speaks TLS
            connection.sock.deadline = time.monotonic() + seconds
        enqueue(connection)

    worker.enqueue_req = enqueue_req


class Socket(socket.socket):
    """A socket that waits for bytes until its deadline."""

    deadline = 0.0

    def recv(self, size: int, flags: int = 0) -> bytes:
        before = self.gettimeout()
        left = max(self.deadline - time.monotonic(), 0)
        if before is not None and before <= left:
            return super().recv(size, flags)
        self.settimeout(left)
        try:
            data = super().recv(size, flags)
        except (TimeoutError, BlockingIOError):  # the latter without time left
            # As if the client had gone, which gunicorn does not log as an error.
            raise ConnectionResetError(errno.ECONNRESET, "Too slow.") from None
        finally:
            self.settimeout(before)
        self.deadline += len(data) / SLOWEST
        return data
