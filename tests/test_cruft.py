"""Projects stay up to date with the template through cruft."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import make
from tests.files import files
from tests.generate import PROJECT_FOLDER, copy_of_template, generate
from tests.owner_edits import EDITS
from tests.owner_edits.editing import append, replace

IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
}


def run(folder: Path, *command: str | Path) -> str:
    """Return the output of a command, or fail the test if it fails."""
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
    """The template in a separate git repository."""
    folder = copy_of_template(tmp_path / "template")
    run(folder, "git", "init", "--quiet", "--initial-branch=main")
    commit(folder, "The template")
    return folder


def create(template: Path, folder: Path, **answers: str) -> Path:
    """Create a project with cruft, and put it into git."""
    context = json.dumps(answers)
    cruft(folder, "create", "--no-input", "--default-config", "--extra-context", context, template)
    project = folder / "team-tracker"
    run(project, "git", "init", "--quiet", "--initial-branch=main")
    commit(project, "The project")
    return project


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Path:
    """A project with the default answers."""
    return create(template, tmp_path)


def test_create_writes_what_cookiecutter_writes(made: Path, template: Path, tmp_path: Path) -> None:
    shutil.rmtree(made / ".git")
    expected = generate(tmp_path / "expected", template=template)
    assert files(made) == sorted([*files(expected), ".cruft.json"])
    assert [
        name
        for name in files(expected)
        if (made / name).read_bytes() != (expected / name).read_bytes()
    ] == [".env"]


def test_check_and_diff_find_nothing_in_a_new_project(made: Path) -> None:
    assert "up-to-date" in cruft(made, "check").replace(" ", "-")
    assert "\ndiff " not in cruft(made, "diff", "--exit-code")


def test_update_merges_and_keeps_own_files(made: Path, template: Path) -> None:
    secret = (made / ".env").read_text()
    manage = made / "manage.py"
    manage.write_text(manage.read_text() + "# ours\n")
    commit(made, "Our change")
    settings = template / "<<cookiecutter.project_slug>>" / "config" / "settings.py"
    settings.write_text(settings.read_text() + "\nNEW_IN_THE_TEMPLATE = True\n")
    (settings.parent / "new.py").write_text('NAME = "<< cookiecutter.project_slug >>"\n')
    commit(template, "A change")

    cruft(made, "update", "--skip-apply-ask")

    assert "NEW_IN_THE_TEMPLATE = True\n" in (made / "config/settings.py").read_text()
    assert (made / "config/new.py").read_text() == 'NAME = "team-tracker"\n'
    assert manage.read_text().endswith("# ours\n")
    assert (made / ".env").read_text() == secret
    assert list(made.rglob("*.rej")) == []
    changed = run(made, "git", "status", "--porcelain").splitlines()
    assert sorted(line[3:] for line in changed) == [
        ".cruft.json",
        "config/new.py",
        "config/settings.py",
    ]


def test_update_skips_deleted_files(made: Path, template: Path) -> None:
    shutil.rmtree(made / "tracker")
    replace(made / "pyproject.toml", '"uv.lock"]', '"uv.lock", "tracker"]')
    (made / "manage.py").write_text("# ours\n" + (made / "manage.py").read_text())
    commit(made, "Our changes")
    for name in ("tracker/triggers.py", "manage.py"):
        append(template / PROJECT_FOLDER.name / name, "# New in the template.\n")
    commit(template, "A change")

    cruft(made, "update", "--skip-apply-ask")

    assert not (made / "tracker").exists()
    manage = (made / "manage.py").read_text()
    assert manage.startswith("# ours\n")
    assert manage.endswith("# New in the template.\n")
    assert list(made.rglob("*.rej")) == []


# The update's changes by file: an existing line, and the text inserted before it.
CHANGES = {
    "themis/notifications/__init__.py": ("__all__ = [", "# New in the template.\n"),
    "themis/urls/__init__.py": ("app_name =", "# New in the template.\n"),
    "config/settings.py": ("LOGGING =", "NEW_IN_THE_TEMPLATE = True\n"),
    "templates/base.html": ("    <title>", '    <meta name="color-scheme" content="light dark">\n'),
    "docs/deploy.md": ("## ", "<!-- New in the template. -->\n"),
    "tests/tracker/conftest.py": ("from accounts", "# New in the template.\n"),
    "Makefile": (".DEFAULT_GOAL", "NEW_IN_THE_TEMPLATE = yes\n"),
}
# In a line that one of the owner's edits changes too.
CONFLICT = "tracker/triggers.py"
MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("themis", "{before}")]
    operations = []
"""


def release(template: Path) -> None:
    """Change the template as a later version of it does."""
    folder = template / PROJECT_FOLDER.name
    for name, (line, text) in CHANGES.items():
        before, found, after = (folder / name).read_text(encoding="utf-8").partition(f"\n{line}")
        assert found, f"{name} has no {line}"
        (folder / name).write_text(f"{before}\n{text}{line}{after}", encoding="utf-8")
    replace(folder / CONFLICT, "Task assigned: {task}", "You are to do this: {task}")
    migrations = folder / "themis/migrations"
    [*_others, last] = sorted(migrations.glob("0*.py"))
    append(migrations / f"{int(last.stem[:4]) + 1:04}_new.py", MIGRATION.format(before=last.stem))
    commit(template, "A release")


def skip_what_is_deleted(project: Path) -> None:
    """Add the files that the owner deleted to those that updates leave alone."""
    deleted = run(project, "git", "ls-files", "--deleted").splitlines()
    names = "".join(f', "{name}"' for name in deleted)
    replace(project / "pyproject.toml", '"uv.lock"]', f'"uv.lock"{names}]')


@pytest.mark.edits
@pytest.mark.parametrize(("fixture", "version"), [("project", "5.2"), ("project_61", "6.1")])
def test_update_of_an_edited_project(
    fixture: str, version: str, request: pytest.FixtureRequest, template: Path, tmp_path: Path
) -> None:
    project = create(template, tmp_path, django_version=version)
    (project / ".venv").symlink_to(request.getfixturevalue(fixture) / ".venv")
    (project / ".git/info/exclude").write_text(".venv\n")
    for edit in EDITS:
        if edit.together:
            edit.apply(project)
    skip_what_is_deleted(project)
    status = run(project, "git", "status", "--porcelain", "--no-renames").splitlines()
    ours = {line[3:] for line in status}
    commit(project, "Our changes")
    release(template)

    cruft(project, "update", "--skip-apply-ask")

    unmerged = set(run(project, "git", "diff", "--name-only", "--diff-filter=U").splitlines())
    assert CONFLICT in unmerged
    assert unmerged <= ours & {CONFLICT, *CHANGES}
    assert not any(name.startswith("themis/") for name in unmerged)
    assert list(project.rglob("*.rej")) == []
    for name, (_line, text) in CHANGES.items():
        assert text in (project / name).read_text(encoding="utf-8")
    for name in unmerged:
        run(project, "git", "checkout", "--ours", "--", name)
    make(project, "check")
