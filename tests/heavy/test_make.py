"""What a project can do with more than Python on the machine."""

from pathlib import Path

from tests.commands import make


def test_postgres(either_project: Path, tmp_path: Path) -> None:
    # The inner pytest closes its own root for temporary files to other users. If that were
    # ours, the server, which does not run as root, could no longer read its own program.
    make(either_project, "test-postgres", PYTEST_DEBUG_TEMPROOT=str(tmp_path))


def test_browser(either_project: Path) -> None:
    make(either_project, "test-browser")
