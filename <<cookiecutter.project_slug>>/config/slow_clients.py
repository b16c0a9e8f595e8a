"""Close connections whose requests arrive too slowly: each would block a thread.

gunicorn waits for the rest of a request without limit. A proxy that buffers requests
keeps slow clients away, but not every proxy does.
"""

import errno
import socket
import time
from typing import Any

from config.probes import Worker

SLOWEST = 500  # bytes a second; a client that sends faster gets more time


def read_within(worker: Worker, seconds: float) -> None:
    """Close connections that have not sent a whole request in time.

    The clock starts when the connection is accepted or its next request begins, not
    when a thread takes it. Bytes that have arrived by the deadline are still read.
    """
    enqueue = worker.enqueue_req

    def enqueue_req(connection: Any) -> None:
        if type(connection.sock) is socket.socket:
            connection.sock = Socket(fileno=connection.sock.detach())
        if isinstance(connection.sock, Socket):  # not if gunicorn itself terminates TLS
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
        except (TimeoutError, BlockingIOError):  # the latter if no time was left
            # Act as if the client had left: gunicorn doesn't log that as an error.
            raise ConnectionResetError(errno.ECONNRESET, "Too slow.") from None
        finally:
            self.settimeout(before)
        self.deadline += len(data) / SLOWEST
        return data
