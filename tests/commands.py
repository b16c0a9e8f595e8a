"""Run commands in tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def ruff(folder: Path, *arguments: str | Path) -> str:
    """Return ruff's complaints about `folder`: an empty string if it is clean."""
    run = subprocess.run(
        [Path(sys.executable).with_name("ruff"), *arguments, "--no-cache"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return run.stdout if run.returncode else ""


def make(project: Path, *arguments: str, **environment: str) -> str:
    """Run `make` in a project. Return its output, or fail the test if it fails."""
    run = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=project,
        env={**inherited(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"make {' '.join(arguments)} failed:\n{run.stdout}"
    return run.stdout


def inherited() -> dict[str, str]:
    """Return the environment without the variables of the `make` that runs these tests.

    Keep bytecode, or each of many processes would compile Django again.
    """
    left_out = {"ARGS", "PORT", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in left_out and not name.startswith(("MAKE", "MFLAGS"))
    }


@dataclass
class Server:
    """The server that `make run` or `make demo` started."""

    url: str
    log: Path

    def wait_until_it_says(self, text: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while text not in self.log.read_text(encoding="utf-8"):
            assert time.monotonic() < end, self.log.read_text(encoding="utf-8")
            time.sleep(0.1)


@contextmanager
def serving(
    folder: Path, target: str, log: Path, environment: Mapping[str, str], seconds: float = 120
) -> Iterator[Server]:
    """Serve with a target on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", target, f"PORT={port}"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", log)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"{server.url}/accounts/login/", timeout=10).close()
                break
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < end, log.read_text(encoding="utf-8")
                time.sleep(0.1)
        yield server
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
