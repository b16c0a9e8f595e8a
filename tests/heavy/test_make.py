"""What a project can do with more than Python on the machine."""

from pathlib import Path

from tests.commands import make
from tests.generate import generate


def test_processes_that_race_on_sqlite(project: Path) -> None:
    """The other slow tests run on PostgreSQL: what they ask does not depend on a database."""
    make(project, "test", "ARGS=-m slow -k 'not authorization and not hostile'")


def test_postgres(project: Path) -> None:
    make(project, "test-postgres")


def test_postgres_on_django_61(project_61: Path) -> None:
    """Without the slow tests, which the other version runs."""
    make(project_61, "test-postgres", "ARGS=-m 'not slow'")


def test_browser(project: Path) -> None:
    make(project, "test-browser")


def test_pages_in_a_browser_on_django_61(project_61: Path) -> None:
    """Another policy of content comes with it; the scripts are the same."""
    make(project_61, "test-browser", "ARGS=-k test_pages")


def test_lowest_versions(tmp_path: Path) -> None:
    """What pyproject.toml says of dependencies is true of the oldest that it allows."""
    project = generate(tmp_path)
    make(project, "test", UV_RESOLUTION="lowest-direct")
    assert 'resolution-mode = "lowest-direct"' in (project / "uv.lock").read_text()
