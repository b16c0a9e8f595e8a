"""Commands that the tests run."""

import os
import subprocess
import sys
from pathlib import Path


def ruff(folder: Path, *arguments: str | Path) -> str:
    """What ruff complains of in `folder`: nothing if it is clean."""
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
    """Runs `make` in a project: what it printed. Fails the test when it fails."""
    # What belongs to the `make` and the environment that these tests run in.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ARGS", "PORT", "VIRTUAL_ENV"} and not name.startswith(("MAKE", "MFLAGS"))
    }
    run = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=project,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"make {' '.join(arguments)} failed:\n{run.stdout}"
    return run.stdout
