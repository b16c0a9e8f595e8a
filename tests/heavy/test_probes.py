"""What probes tell Kubernetes while things go wrong, with a real gunicorn on a real PostgreSQL
and the production settings."""

import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.heavy.processes import Load, Service, get, postgres, status, wait_until
from tests.heavy.server import (
    HOST,
    HTTPS,
    THREADS,
    TOKEN,
    Server,
    backends,
    issue,
    postmaster,
    running,
    stopped,
)


@pytest.fixture(scope="module")
def url(project: Path) -> Iterator[str]:
    with postgres(project) as url:
        Server(project, url).manage("migrate", "-v0")
        yield url


@pytest.fixture
def server(project: Path, url: str) -> Iterator[Server]:
    server = Server(project, url)
    with running(server):
        yield server


@pytest.fixture(scope="module")
def key(project: Path, url: str) -> str:
    """An API key."""
    return issue(Server(project, url))


def seconds(port: int, path: str) -> tuple[int, float]:
    started = time.monotonic()
    return status(port, path), time.monotonic() - started


def test_probes_pass_whatever_the_host_and_without_tls(server: Server) -> None:
    assert status(server.port, "/accounts/login/") == 400
    assert status(server.port, "/accounts/login/", host=HOST) == 301
    assert status(server.port, "/livez") == 200
    assert status(server.port, "/readyz") == 200


def test_a_hanging_database(server: Server, url: str) -> None:
    assert status(server.port, "/readyz") == 200
    answers: list[tuple[int, float]] = []
    probes = [
        threading.Thread(target=lambda: answers.append(seconds(server.port, "/readyz")))
        for _ in range(20)
    ]
    time.sleep(1.1)  # until the result above is too old
    with stopped(postmaster(url)):
        for probe in probes:
            probe.start()
        for probe in probes:
            probe.join()
        # One of them waits two seconds for the database, and no other thread does.
        assert [took for _, took in answers if took > 1] == [pytest.approx(2, abs=1)]
        code, took = seconds(server.port, "/livez")
        assert code == 200
        assert took < 1  # a probe's usual timeout
        code, took = seconds(server.port, "/readyz")
        assert code == 503
        assert took < 3
    wait_until(lambda: status(server.port, "/readyz") == 200, 10, "ready again")


def test_a_hanging_database_does_not_keep_the_server_from_stopping(project: Path, url: str) -> None:
    server = Server(project, url)
    with running(server) as process:
        with stopped(postmaster(url)):
            assert status(server.port, "/readyz") == 503
            process.terminate()
        assert process.wait(timeout=30) == 0


def test_many_requests_of_a_hanging_database(server: Server, url: str, key: str) -> None:
    """Every thread waits for the database, and more requests wait for a thread: the process is
    not ready, but restarting it would not help."""
    headers = {**HTTPS, "Authorization": f"Bearer {key}"}
    with Load(server.port, "/api/v1/me", headers, threads=3 * THREADS) as load:
        wait_until(lambda: load.answered > 50, 30, "requests are answered")
        with stopped(postmaster(url), *backends(url)):
            time.sleep(1)
            assert status(server.port, "/readyz", timeout=3) != 200
            for _ in range(10):
                code, took = seconds(server.metrics_port, "/livez")
                assert code == 200
                assert took < 1  # a probe's usual timeout
                time.sleep(0.2)
        wait_until(lambda: status(server.port, "/readyz") == 200, 30, "ready again")
    assert load.failures == []


def test_all_threads_busy(server: Server, key: str) -> None:
    """A busy server is not dead: the probe gets its turn as soon as a thread is free."""
    slow = []
    for _ in range(THREADS):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(
            f"POST /api/v1/notifications HTTP/1.1\r\nHost: {HOST}\r\n"
            f"X-Forwarded-Proto: https\r\nAuthorization: Bearer {key}\r\n"
            "Connection: close\r\nContent-Length: 4\r\n\r\n".encode()
        )
        slow.append(connection)
    time.sleep(0.5)

    def finish() -> None:
        slow[0].sendall(b"{}{}")
        assert slow[0].recv(12) == b"HTTP/1.1 400"
        slow[0].close()

    timer = threading.Timer(2, finish)
    timer.start()
    code, took = seconds(server.port, "/livez")
    timer.join()
    for connection in slow:
        connection.close()
    assert code == 200
    assert took > 1  # it had to wait, as expected here


def test_slow_clients(server: Server) -> None:
    """Three times as many as there are threads stop in the middle of a request."""
    halves = [b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"]
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3 * THREADS)]
    for number, connection in enumerate(slow):
        connection.sendall(halves[number % 2])
    time.sleep(0.5)
    for _ in range(3):
        code, took = seconds(server.metrics_port, "/livez")
        assert code == 200
        assert took < 1  # a probe's usual timeout
    started = time.monotonic()
    code = status(server.port, "/readyz", timeout=60)
    print(f"slow clients: an answer after {time.monotonic() - started:.1f} s")
    for connection in slow:
        connection.close()
    assert code == 200
    assert time.monotonic() - started < 3 * 4  # not once for each thread


def test_one_thread_left(server: Server) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(THREADS - 1)]
    for connection in slow:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
    time.sleep(0.5)
    code, took = seconds(server.port, "/livez")
    for connection in slow:
        connection.close()
    assert code == 200
    assert took < 1  # a probe's usual timeout


def test_sigterm_under_load_loses_no_request(project: Path, url: str, key: str) -> None:
    """Two servers are behind a Service that checks their readiness; one of them stops."""
    headers = {**HTTPS, "Authorization": f"Bearer {key}"}
    first, second = Server(project, url), Server(project, url)
    service = Service()
    service.ports = [first.port, second.port]
    with ExitStack() as stack:
        going = stack.enter_context(running(first))
        stack.enter_context(running(second))
        with Load(service.port, "/api/v1/me", headers) as load:
            wait_until(lambda: load.answered > 50, 30, "requests are answered")
            going.terminate()
            wait_until(lambda: status(first.port, "/readyz") == 503, 2, "it is draining")
            assert status(first.port, "/livez") == 200
            service.ports = [second.port]
            assert going.wait(timeout=30) == 0
            answered = load.answered
            wait_until(lambda: load.answered > answered + 50, 30, "the other one answers")
    service.close()
    assert load.failures == []


def test_reload_under_load_loses_no_request(project: Path, url: str, key: str) -> None:
    headers = {**HTTPS, "Authorization": f"Bearer {key}"}
    server = Server(project, url)
    with running(server) as process, Load(server.port, "/api/v1/me", headers) as load:
        wait_until(lambda: load.answered > 20, 30, "requests are answered")
        process.send_signal(signal.SIGHUP)
        time.sleep(6)  # the old worker drains for two seconds and exits
        assert load.answered > 50
        assert load.failures == []
        kill_workers(process.pid)
        answered = load.answered
        wait_until(lambda: load.answered > answered + 20, 30, "new workers answer")
    print(f"workers killed: {len(load.failures)} requests lost, which they were answering")
    assert len(load.failures) <= 4  # one for each thread of the load; later requests wait


def kill_workers(master: int) -> None:
    """Kill all at once, as the kernel does when memory runs out."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    assert workers
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)


def test_hostile_lengths_are_refused(server: Server) -> None:
    for length in ("-1", "many", "1, 2"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.putrequest("POST", "/accounts/login/")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 400
        connection.close()


def test_database_outage(project: Path) -> None:
    """This comes last, because it takes its PostgreSQL down."""
    with postgres(project) as url:
        server = Server(project, url)
        server.manage("migrate", "-v0")
        with running(server):
            assert status(server.port, "/readyz") == 200
            os.kill(postmaster(url), signal.SIGQUIT)
            wait_until(lambda: status(server.port, "/readyz") == 503, 10, "not ready")
            assert status(server.port, "/livez") == 200
            code, body = get(server.port, "/healthz/", {"Authorization": f"Bearer {TOKEN}"})
    assert code == 503
    report = json.loads(body)
    assert report["status"] == "fail"
    assert report["checks"]["database:responseTime"] == [
        {"status": "fail", "output": "OperationalError"}
    ]
    assert report["checks"]["cache:responseTime"][0]["status"] == "pass"
