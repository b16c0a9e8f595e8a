"""A generated project has two zones: `themis/`, which the template provides and updates, and
the owner's, where everything may change. Each has its tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.generate import PROJECT_FOLDER

IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")


# `make test` runs the same tests in the project.
@pytest.mark.heavy
def test_themis_passes_its_tests_without_the_project(either_project: Path, tmp_path: Path) -> None:
    shutil.copytree(either_project / "themis", tmp_path / "themis", ignore=IGNORED)
    run = subprocess.run(
        [either_project / ".venv/bin/pytest", "-q", "--numprocesses=auto", "themis"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


# Record what to test, and exit as pytest would.
STAND_IN_FOR_UV = """#!/bin/sh
for argument; do
  case "$argument" in
    themis) echo "$@" >> tested; exit "$THEMIS" ;;
    tests) echo "$@" >> tested; exit "$TESTS" ;;
  esac
done
"""


@pytest.mark.parametrize("target", ["test", "test-postgres"])
@pytest.mark.parametrize(
    ("themis", "tests", "passes"),
    [
        ("0", "0", True),
        ("1", "0", False),
        ("0", "1", False),
        # pytest selected no test.
        ("5", "0", True),
        ("0", "5", True),
        ("5", "1", False),
        ("5", "5", False),
    ],
)
def test_make_runs_the_tests_of_both_zones(
    tmp_path: Path, target: str, themis: str, tests: str, passes: bool
) -> None:
    shutil.copy(PROJECT_FOLDER / "Makefile", tmp_path)
    (tmp_path / ".env").touch()
    (tmp_path / ".venv").mkdir()
    uv = tmp_path / "uv"
    uv.write_text(STAND_IN_FOR_UV)
    uv.chmod(0o755)
    run = subprocess.run(
        ["make", target, f"UV={uv}", "ARGS=-k 'a or b'"],
        cwd=tmp_path,
        env={**os.environ, "THEMIS": themis, "TESTS": tests},
        check=False,
    )
    tested = (tmp_path / "tested").read_text().splitlines()
    assert [line.endswith(" -k a or b") for line in tested] == [True, True]
    assert (run.returncode == 0) is passes
