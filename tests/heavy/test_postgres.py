"""The project's own tests on a real PostgreSQL."""

from pathlib import Path

from tests.commands import make


def test_postgres(either_project: Path) -> None:
    make(either_project, "test-postgres")
