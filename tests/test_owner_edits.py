"""A project's tests stay green when its owner changes it, or say in a sentence what to add."""

import subprocess
from pathlib import Path

import pytest

from tests.commands import inherited, make
from tests.documents import copy_of_project
from tests.owner_edits import EDITS, Edit

alone = pytest.mark.parametrize(
    "edit",
    [
        pytest.param(edit, id=edit.name, marks=[pytest.mark.together] if edit.together else [])
        for edit in EDITS
    ],
)
versions = pytest.mark.parametrize("fixture", ["project", "project_61"])


@pytest.fixture
def original(request: pytest.FixtureRequest, fixture: str) -> Path:
    return request.getfixturevalue(fixture)


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return copy_of_project(original, tmp_path / "project")


@pytest.mark.edits
@versions
@alone
def test_edit(edit: Edit, copy: Path) -> None:
    edit.apply(copy)
    run = subprocess.run(
        [".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *edit.tests],
        cwd=copy,
        env=inherited(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert edit.says in run.stdout
    assert run.returncode == bool(edit.says), run.stdout
    assert " passed" in run.stdout


@pytest.mark.edits
@versions
def test_all_edits_together(copy: Path) -> None:
    for edit in EDITS:
        if edit.together:
            edit.apply(copy)
    make(copy, "check")


def test_every_edit_says_what_it_does() -> None:
    assert len({edit.name for edit in EDITS}) == len(EDITS)
    assert [edit.name for edit in EDITS if not edit.apply.__doc__] == []
