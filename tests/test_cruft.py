"""Projects stay up to date with the template through cruft."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import files
from tests.generate import copy_of_template, generate

IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
}


def run(folder: Path, *command: str | Path) -> str:
    """What a command prints. Fails the test when it fails."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def cruft(folder: Path, *arguments: str | Path) -> str:
    return run(folder, Path(sys.executable).with_name("cruft"), *arguments)


def commit(folder: Path, message: str) -> None:
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", message)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template in a git repository of its own."""
    folder = copy_of_template(tmp_path / "template")
    run(folder, "git", "init", "--quiet", "--initial-branch=main")
    commit(folder, "The template")
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """A project that cruft made, in git."""
    cruft(tmp_path, "create", "--no-input", "--default-config", template)
    folder = tmp_path / "team-tracker"
    run(folder, "git", "init", "--quiet", "--initial-branch=main")
    commit(folder, "The project")
    return folder


def test_create_writes_what_cookiecutter_writes(
    project: Path, template: Path, tmp_path: Path
) -> None:
    shutil.rmtree(project / ".git")
    expected = generate(tmp_path / "expected", template=template)
    assert files(project) == sorted([*files(expected), ".cruft.json"])
    assert [
        name
        for name in files(expected)
        if (project / name).read_bytes() != (expected / name).read_bytes()
    ] == [".env"]


def test_check_and_diff_find_nothing_in_a_new_project(project: Path) -> None:
    assert "up-to-date" in cruft(project, "check").replace(" ", "-")
    assert "\ndiff " not in cruft(project, "diff", "--exit-code")


def test_update_brings_a_change_and_keeps_what_is_the_teams_own(
    project: Path, template: Path
) -> None:
    secret = (project / ".env").read_text()
    manage = project / "manage.py"
    manage.write_text(manage.read_text() + "# ours\n")
    commit(project, "Our change")
    settings = template / "<<cookiecutter.project_slug>>" / "config" / "settings.py"
    settings.write_text(settings.read_text() + "\nNEW_IN_THE_TEMPLATE = True\n")
    (settings.parent / "new.py").write_text('NAME = "<< cookiecutter.project_slug >>"\n')
    commit(template, "A change")

    cruft(project, "update", "--skip-apply-ask")

    assert "NEW_IN_THE_TEMPLATE = True\n" in (project / "config/settings.py").read_text()
    assert (project / "config/new.py").read_text() == 'NAME = "team-tracker"\n'
    assert manage.read_text().endswith("# ours\n")
    assert (project / ".env").read_text() == secret
    assert list(project.rglob("*.rej")) == []
    changed = run(project, "git", "status", "--porcelain").splitlines()
    assert sorted(line[3:] for line in changed) == [
        ".cruft.json",
        "config/new.py",
        "config/settings.py",
    ]
