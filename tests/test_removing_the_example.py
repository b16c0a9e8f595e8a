"""Whoever follows docs/removing-the-example.md ends with a project that works."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

DOCUMENT = Path("docs", "removing-the-example.md")


def blocks(document: Path, language: str) -> list[str]:
    """The document's code blocks, without the indentation of their list items."""
    pattern = rf"^( *)```{language}\n(.*?)^ *```$"
    found = re.findall(pattern, document.read_text(), re.DOTALL | re.MULTILINE)
    return [re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def edit(project: Path, diff: str) -> None:
    """Does what a diff says: a header with the file, then lines to keep, drop and add."""
    header, *lines = diff.splitlines()
    file = project / header.removeprefix("--- ")
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text()
    assert text.count(before) == 1, f"{header} does not have:\n{before}"
    file.write_text(text.replace(before, after))


def run(project: Path, folder: Path, command: str) -> None:
    """Runs a command in a folder, with the Python of an installed project."""
    programs = project / ".venv" / "bin"
    result = subprocess.run(
        shlex.split(command),
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{command} failed:\n{result.stdout}"


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".venv", "db.sqlite3*", ".git")
    return Path(shutil.copytree(project, tmp_path / "project", ignore=ignored))


def test_removing_the_example(project: Path, copy: Path) -> None:
    commands = re.findall(r"^\$ (.*)$", "\n".join(blocks(copy / DOCUMENT, "console")), re.M)
    diffs = blocks(copy / DOCUMENT, "diff")
    assert (len(commands), len(diffs)) == (3, 6)
    run(project, copy, "python manage.py migrate --verbosity=0")
    run(project, copy, "python manage.py load_sample_data")

    for command in commands:
        run(project, copy, command)
    for diff in diffs:
        edit(copy, diff)

    run(project, copy, "python manage.py check")
    run(project, copy, "python manage.py makemigrations --check --dry-run")
    run(project, copy, "ruff check .")
    run(project, copy, "ruff format --check .")
    run(project, copy, "mypy .")
    run(project, copy, "pytest -q --ignore=tests/browser")
    run(project, copy, "pytest -q themis")
