"""What a project can do with more than Python on the machine."""

from pathlib import Path

from tests.commands import make


def test_postgres(either_project: Path) -> None:
    make(either_project, "test-postgres")


def test_browser(either_project: Path) -> None:
    make(either_project, "test-browser")
