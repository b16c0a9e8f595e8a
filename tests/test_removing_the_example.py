"""Whoever follows docs/removing-the-example.md ends with a project that works."""

from pathlib import Path

import pytest

from tests.documents import blocks, copy_of_project, play, run

DOCUMENT = Path("docs", "removing-the-example.md")


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    return copy_of_project(project, tmp_path / "project")


def test_removing_the_example(copy: Path) -> None:
    document = copy / DOCUMENT
    assert (len(blocks(document, "console")), len(blocks(document, "diff"))) == (2, 6)
    run(copy, "python manage.py migrate --verbosity=0")
    run(copy, "python manage.py load_sample_data")

    play(document, copy)

    run(copy, "python manage.py check")
    run(copy, "python manage.py makemigrations --check --dry-run")
    run(copy, "ruff check .")
    run(copy, "ruff format --check .")
    run(copy, "mypy .")
    run(copy, "pytest -q --numprocesses auto --ignore=tests/browser")
    run(copy, "pytest -q --numprocesses auto themis")
