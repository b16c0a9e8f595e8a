"""After a removal, all other tests pass."""

from pathlib import Path

import pytest

from tests.commands import make
from tests.documents import run
from tests.removing import PAGES, assert_sound, dead_references, environment, leftovers, without

pytestmark = pytest.mark.edits


@pytest.mark.parametrize("page", PAGES)
def test_other_tests_pass(page: str, project: Path, shared_folder: Path) -> None:
    copy = without(page, project=project, shared_folder=shared_folder)
    variables = environment(copy)
    run(copy, "mypy .", **variables)
    run(copy, "pytest -q -n auto --ignore=tests/browser tests", **variables)


@pytest.fixture
def without_all(either_project: Path, shared_folder: Path) -> Path:
    return without(*PAGES, project=either_project, shared_folder=shared_folder)


def test_check_passes_without_all(without_all: Path) -> None:
    """As in CI: the tests of what remains still cover enough."""
    make(without_all, "check", TESTS="coverage", **environment(without_all))


def test_browser_finds_nothing_wrong_without_all(project: Path, shared_folder: Path) -> None:
    copy = without(*PAGES, project=project, shared_folder=shared_folder)
    make(copy, "test-browser", **environment(copy))


def test_order_does_not_matter(project: Path, shared_folder: Path) -> None:
    pages = list(reversed(PAGES))
    copy = without(*pages, project=project, shared_folder=shared_folder)
    assert_sound(copy)
    assert dead_references(copy, project) == []
    assert leftovers(copy, project, *pages) == []
