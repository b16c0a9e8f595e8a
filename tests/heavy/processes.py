"""Real processes for the heavy tests: a database, servers, and requests to them."""

import http.client
import itertools
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml


def missing(what: str) -> NoReturn:
    """Skip the test because `what` is missing, or fail it where nothing may be skipped."""
    if os.environ.get("CI_STRICT") == "1":
        pytest.fail(f"{what} is missing, and CI_STRICT=1 says that it must not be.")
    pytest.skip(f"{what} is missing.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait until `condition` returns a true value, and return it, or fail after some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} seconds: {what}")


def manage(python: Path, folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Return the output of a management command."""
    process = subprocess.run(
        [python, "manage.py", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


@contextmanager
def postgres(project: Path) -> Iterator[str]:
    """Start a PostgreSQL with an empty database, as `make test-postgres` does. Yield its URL."""
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    tell = 'echo "$DATABASE_URL"; exec cat'
    with subprocess.Popen(
        [uv, "run", "--group", "postgres", "--", "python", "tests/postgres.py", "sh", "-c", tell],
        cwd=project,
        env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url, "PostgreSQL did not start."
            yield url
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def status(port: int, path: str, host: str = "10.0.0.1", timeout: float = 10) -> int:
    """Send a GET as a probe does. Return the status, or 0 without a response."""
    try:
        return get(port, path, {"Host": host}, timeout)[0]
    except (OSError, http.client.HTTPException):
        return 0


def get(port: int, path: str, headers: dict[str, str], timeout: float = 10) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class Load:
    """Continuous requests from several threads until the block ends."""

    def __init__(self, port: int, path: str, headers: dict[str, str], threads: int = 4) -> None:
        self.answered = 0
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._ask = lambda: get(port, path, headers, timeout=30)
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                code, _ = self._ask()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            else:
                if code == 200:
                    self.answered += 1
                else:
                    self.failures.append(str(code))
            time.sleep(0.01)  # two cores serve both sides


class Service:
    """Distribute connections among ready ports, as a Service does."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.port = free_port()
        self._turn = itertools.count()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        ports = self.ports
        with client:
            try:
                server = socket.create_connection(
                    ("127.0.0.1", ports[next(self._turn) % len(ports)]), timeout=30
                )
            except OSError:
                return  # the client sees a failed request
            with server:
                back = threading.Thread(target=_copy, args=[server, client], daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # either side has gone


class Manifests:
    """The output of `kubectl kustomize` for an overlay of a project."""

    def __init__(self, project: Path, overlay: str, *, secrets: Path | None = None) -> None:
        """Copy the manifests to `secrets` if the overlay has its secrets in a file."""
        folder = project / "deploy/k8s"
        self.secrets: dict[str, str] = {}
        if secrets is not None:
            folder = shutil.copytree(folder, secrets)
            file = folder / "overlays" / overlay / "secrets.env"
            shutil.copy(file.with_suffix(".env.example"), file)
            lines = file.read_text().splitlines()
            self.secrets = dict(line.split("=", 1) for line in lines if "=" in line)
        run = subprocess.run(
            ["kubectl", "kustomize", folder / "overlays" / overlay],
            capture_output=True,
            check=True,
            text=True,
        )
        self.objects: list[Any] = list(yaml.safe_load_all(run.stdout))

    def named(self, kind: str, name: str) -> Any:
        [one] = [
            one for one in self.objects if one["kind"] == kind and one["metadata"]["name"] == name
        ]
        return one

    def pod(self, kind: str, name: str) -> Any:
        spec = self.named(kind, name)["spec"]
        spec = spec.get("jobTemplate", {}).get("spec") or spec
        return spec["template"]["spec"]

    def settings(self) -> dict[str, str]:
        [one] = [one for one in self.objects if one["kind"] == "ConfigMap"]
        return dict(one["data"])
