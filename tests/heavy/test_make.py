"""Targets of a project that need more than Python."""

from pathlib import Path

import pytest

from tests.commands import make
from tests.conftest import installed, pythons, pythons_for_django_61
from tests.generate import generate


def test_processes_that_race_on_sqlite(project: Path) -> None:
    """The other slow tests run on PostgreSQL: they don't depend on the database."""
    make(project, "test", "ARGS=-m slow -k 'not authorization and not hostile'")


# The template's workflow runs all combinations of Django, Python and database. Together with
# `make test` and `make test-edits`, these tests run each pair of them, where the interpreters are.


def test_postgres(shared_folder: Path) -> None:
    """On the newest Python."""
    make(installed(shared_folder, "5.2", max(pythons())), "test-postgres")


def test_postgres_on_django_61(shared_folder: Path) -> None:
    """On its oldest Python, without the slow tests, which run on the other version."""
    project = installed(shared_folder, "6.1", pythons_for_django_61()[0])
    make(project, "test-postgres", "ARGS=-m 'not slow'")


@pytest.mark.parametrize("python", [*pythons()][1:-1])
def test_pythons_between(shared_folder: Path, python: int) -> None:
    """With coverage, as in the project's workflow."""
    make(installed(shared_folder, "5.2", python), "coverage")


def test_browser(project: Path) -> None:
    make(project, "test-browser")


def test_pages_in_a_browser_on_django_61(project_61: Path) -> None:
    """It has another content security policy; the styles and scripts are the same."""
    make(project_61, "test-browser", "ARGS=-k 'test_pages and not dark and not phone and not rtl'")


def test_lowest_versions(tmp_path: Path) -> None:
    """The project works with the oldest dependencies that pyproject.toml allows."""
    project = generate(tmp_path)
    make(project, "test", UV_RESOLUTION="lowest-direct")
    assert 'resolution-mode = "lowest-direct"' in (project / "uv.lock").read_text()
