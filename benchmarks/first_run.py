"""Measure how long a newcomer waits, with a fresh clone, an empty home directory and no cache.

`python3 benchmarks/first_run.py` prints seconds, packages, megabytes and lines.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TEMPLATE = Path(__file__).parent.parent


def megabytes(folder: Path) -> float:
    """Return the size of the files in a folder."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files) / 1e6


def without_uv(home: str) -> dict[str, str]:
    """Return the environment of a newcomer."""
    environment = {name: value for name, value in os.environ.items() if name[:2] != "UV"}
    return environment | {"HOME": home}


def seconds_to_first_page(clone: Path, home: str) -> float:
    """Return the time from `make demo` until the sign-in page is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=clone,
        env=without_uv(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while server.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
            except urllib.error.URLError:
                time.sleep(0.1)
            else:
                return time.perf_counter() - start
        sys.exit("`make demo` ended.")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def seconds_to_green_tests(project: Path, home: str) -> float:
    """Return how long `make test` takes with nothing installed or cached."""
    start = time.perf_counter()
    subprocess.run(
        ["make", "test"],
        cwd=project,
        env=without_uv(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        clone = Path(home, "clone")
        start = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", TEMPLATE, clone], check=True)
        cloning = time.perf_counter() - start
        print(f"make demo, fresh, to the first page: {seconds_to_first_page(clone, home):.1f} s")
        print(f"the same again: {seconds_to_first_page(clone, home):.1f} s")

        start = time.perf_counter()
        command = [clone / ".venv/bin/cookiecutter", clone, "--no-input", "-o", f"{home}/out"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        generation = time.perf_counter() - start
        print(f"generation: {generation:.2f} s")

        project, environment = Path(home, "out/team-tracker"), clone / "demo/.venv"
        packages = len(list(environment.glob("lib/*/site-packages/*.dist-info")))
        print(f"installed: {packages} packages, {megabytes(environment):.0f} MB")
        sizes = {"Python without tests": 0, "tests": 0}
        for path in project.rglob("*.py"):
            what = "tests" if path.relative_to(project).parts[0] == "tests" else next(iter(sizes))
            sizes[what] += len(re.findall(r"^.*\S", path.read_text(encoding="utf-8"), re.M))
        print(f"the project: {megabytes(project):.2f} MB, {sizes} lines that are not blank")

        tests = seconds_to_green_tests(project, home)
        print(f"make test in this project, fresh: {tests:.1f} s")
        print(f"from clone to green tests: {cloning + generation + tests:.1f} s")


if __name__ == "__main__":
    main()
