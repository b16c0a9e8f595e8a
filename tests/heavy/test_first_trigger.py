"""The guide to a first trigger ends with a green `make check`, including all tests."""

from pathlib import Path

import pytest

from tests.documents import copy_of_project, play
from tests.test_documents import FIRST, make_an_account

pytestmark = pytest.mark.edits


def test_guide_to_a_first_trigger(either_project: Path, tmp_path: Path) -> None:
    copy = copy_of_project(either_project, tmp_path / "project")
    make_an_account(copy)
    play(copy / FIRST, copy)
