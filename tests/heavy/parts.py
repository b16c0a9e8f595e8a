"""The parts beside the server, which tests take down: a database, a Redis and a worker."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.heavy.processes import free_port, wait_until
from tests.heavy.server import Server, postmaster


class Database:
    """A PostgreSQL that can stop immediately and start again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pid = postmaster(url)
        process = Path(f"/proc/{self.pid}")
        self.command = process.joinpath("cmdline").read_text().rstrip("\0").split("\0")
        self.program = process.joinpath("exe").readlink()
        self.user = process.stat().st_uid

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGQUIT)
        wait_until(lambda: not Path(f"/proc/{self.pid}/exe").exists(), 20, "it has stopped")

    def start(self) -> subprocess.Popen[str]:
        """Start it again, and return when it accepts connections."""
        process = subprocess.Popen(
            self.command,
            executable=self.program,
            user=self.user if os.geteuid() == 0 else None,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if "ready to accept connections" in line:
                break
        return process


class Redis:
    """A Redis that can hang or go down."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as process:
            wait_until(self.is_up, 10, "Redis answers")
            try:
                yield process
            finally:
                process.kill()

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def worker(server: Server) -> Iterator[None]:
    """A Celery worker with one process."""
    command = ["-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
    with subprocess.Popen(
        [server.python, *command],
        cwd=server.project,
        env=server.environment | {"METRICS_PORT": "", "C_FORCE_ROOT": "1"},
    ) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGQUIT)
