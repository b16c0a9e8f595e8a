"""A generated project has two zones: `themis/`, which the template brings and updates, and its
owner's, where everything may change."""

import shutil
import subprocess
from pathlib import Path

IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")


def test_themis_passes_its_tests_without_the_project(either_project: Path, tmp_path: Path) -> None:
    shutil.copytree(either_project / "themis", tmp_path / "themis", ignore=IGNORED)
    run = subprocess.run(
        [either_project / ".venv/bin/pytest", "-q", "--numprocesses", "auto", "themis"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
