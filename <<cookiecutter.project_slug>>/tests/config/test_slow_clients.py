import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from config import slow_clients
from config.slow_clients import Socket, read_within

NOW = 1000.0
SECONDS = 20


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that tests control."""
    fake = SimpleNamespace(now=NOW)
    fake.monotonic = lambda: fake.now
    monkeypatch.setattr(slow_clients, "time", fake)
    return fake


@pytest.fixture
def pair() -> Iterator[tuple[Socket, socket.socket]]:
    """The two ends of a connection: the worker's and the client's."""
    ours, theirs = socket.socketpair()
    queue: list[SimpleNamespace] = []
    worker = SimpleNamespace(enqueue_req=queue.append)
    read_within(worker, SECONDS)
    worker.enqueue_req(SimpleNamespace(sock=ours))
    with queue[0].sock as sock, theirs:
        yield sock, theirs


def test_reads_requests_that_arrive_in_time(
    pair: tuple[Socket, socket.socket], clock: SimpleNamespace
) -> None:
    ours, theirs = pair
    timer = threading.Timer(0.05, theirs.sendall, [b"GET"])
    timer.start()

    assert ours.recv(100) == b"GET"
    assert ours.gettimeout() is None


def test_reads_buffered_data_after_the_deadline(
    pair: tuple[Socket, socket.socket], clock: SimpleNamespace
) -> None:
    """The delay was the server's."""
    ours, theirs = pair
    theirs.sendall(b"GET")
    clock.now += 10 * SECONDS

    assert ours.recv(100) == b"GET"


@pytest.mark.parametrize("late", [SECONDS - 0.01, SECONDS, SECONDS + 1])
def test_ends_connections_after_the_deadline(
    pair: tuple[Socket, socket.socket], clock: SimpleNamespace, late: float
) -> None:
    ours, _theirs = pair
    clock.now += late

    with pytest.raises(ConnectionResetError):
        ours.recv(100)


def test_single_bytes_do_not_extend_the_deadline(
    pair: tuple[Socket, socket.socket], clock: SimpleNamespace
) -> None:
    ours, theirs = pair
    for _ in range(SECONDS):
        theirs.sendall(b"X")
        assert ours.recv(100) == b"X"
        clock.now += 1

    clock.now += 1
    with pytest.raises(ConnectionResetError):
        ours.recv(100)


def test_steady_uploads_extend_the_deadline(
    pair: tuple[Socket, socket.socket], clock: SimpleNamespace
) -> None:
    """A large upload on an ordinary connection takes longer."""
    ours, theirs = pair
    for _ in range(10):
        theirs.sendall(b"X" * slow_clients.SLOWEST * SECONDS)
        ours.recv(100_000)
        clock.now += SECONDS

    assert ours.deadline > clock.now


def test_shorter_timeouts_are_kept(pair: tuple[Socket, socket.socket]) -> None:
    """gunicorn waits only seconds for a body that is never read."""
    ours, _theirs = pair
    ours.settimeout(0.01)

    with pytest.raises(TimeoutError):
        ours.recv(100)
