"""Targets of a project that need more than Python."""

from pathlib import Path

from tests.commands import make
from tests.generate import generate


def test_processes_that_race_on_sqlite(project: Path) -> None:
    """The other slow tests run on PostgreSQL: they don't depend on the database."""
    make(project, "test", "ARGS=-m slow -k 'not authorization and not hostile'")


def test_postgres(project: Path) -> None:
    make(project, "test-postgres")


def test_postgres_on_django_61(project_61: Path) -> None:
    """Without the slow tests, which run on the other version."""
    make(project_61, "test-postgres", "ARGS=-m 'not slow'")


def test_browser(project: Path) -> None:
    make(project, "test-browser")


def test_pages_in_a_browser_on_django_61(project_61: Path) -> None:
    """It has another content security policy; the scripts are the same."""
    make(project_61, "test-browser", "ARGS=-k test_pages")


def test_lowest_versions(tmp_path: Path) -> None:
    """The project works with the oldest dependencies that pyproject.toml allows."""
    project = generate(tmp_path)
    make(project, "test", UV_RESOLUTION="lowest-direct")
    assert 'resolution-mode = "lowest-direct"' in (project / "uv.lock").read_text()
