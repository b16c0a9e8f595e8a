"""`make release`, and the promise of a release: its migrations never change."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.generate import TEMPLATE
from tests.release import ReleaseError, changed_migrations, git, newest_tag, release

MIGRATION = "<<cookiecutter.project_slug>>/orders/migrations/0001_initial.py"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the files that a release changes, and a migration."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("CHANGELOG.md", "pyproject.toml"):
        shutil.copy(TEMPLATE / name, tmp_path)
    (tmp_path / MIGRATION).parent.mkdir(parents=True)
    (tmp_path / MIGRATION).write_text("operations = [1]\n")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 1.0.0 (unreleased)\n\n### First\n\n- Mailbox\n\n## 0.9.0 (2020-01-01)\n"
    )
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    return tmp_path


def commit(repository: Path) -> None:
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Work")


def test_release_writes_version_and_date_and_tags(repository: Path) -> None:
    assert release(repository, "1.0.0") == "v1.0.0"
    with (repository / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == "1.0.0"
    changelog = (repository / "CHANGELOG.md").read_text()
    assert re.search(r"^## 1\.0\.0 \(20\d\d-\d\d-\d\d\)$", changelog, re.MULTILINE)
    assert "unreleased" not in changelog
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "cat-file", "-t", "v1.0.0") == "tag"
    assert git(repository, "rev-parse", "v1.0.0^{commit}") == git(repository, "rev-parse", "HEAD")
    message = git(repository, "tag", "--list", "--format=%(contents)", "v1.0.0").strip()
    assert message == "Release 1.0.0\n\n### First\n\n- Mailbox"


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("1.0", r"'1\.0' is not a version\. Write `make release VERSION=1\.0\.0`\."),
        ("", "'' is not a version"),
        ("1.0.1", r"CHANGELOG\.md says nothing below '## 1\.0\.1 \(unreleased\)'"),
        ("0.9.0", r"CHANGELOG\.md says nothing below '## 0\.9\.0 \(unreleased\)'"),
    ],
)
def test_impossible_release_is_refused(repository: Path, version: str, problem: str) -> None:
    with pytest.raises(ReleaseError, match=f"^{problem}"):
        release(repository, version)
    assert git(repository, "status", "--porcelain") == ""
    assert newest_tag(repository) is None


@pytest.mark.parametrize("newest", ["v1.0.0", "v1.0.1", "v1.10.0"])
def test_release_is_newer_than_the_newest(repository: Path, newest: str) -> None:
    for tag in ("v0.9.0", newest, "v2", "vnext"):
        git(repository, "tag", tag)
    with pytest.raises(ReleaseError, match=rf"^1\.0\.0 is not newer than {newest}, "):
        release(repository, "1.0.0")


def test_release_of_a_tree_that_is_not_clean(repository: Path) -> None:
    (repository / "new.py").touch()
    with pytest.raises(ReleaseError, match=r"^The working tree is not clean\. Commit"):
        release(repository, "1.0.0")


def test_empty_section_is_no_changelog(repository: Path) -> None:
    changelog = repository / "CHANGELOG.md"
    changelog.write_text("## 1.0.0 (unreleased)\n\n## 0.9.0 (2020-01-01)\n\n- Old\n")
    commit(repository)
    with pytest.raises(ReleaseError, match=r"^CHANGELOG\.md says nothing below"):
        release(repository, "1.0.0")


def test_the_changelog_has_sections_that_a_release_finds() -> None:
    headings = re.findall(r"^## (.*)$", (TEMPLATE / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings
    for heading in headings:
        assert re.fullmatch(r"\d+\.\d+\.\d+ \((unreleased|\d{4}-\d\d-\d\d)\)", heading)


def test_released_migrations_are_unchanged() -> None:
    if (tag := newest_tag(TEMPLATE)) is None:
        pytest.skip("There is no release yet, so migrations may still be rewritten.")
    assert changed_migrations(TEMPLATE, tag) == [], f"Leave what {tag} has, and add a migration."


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("operations = [1]  # why\n", []),
        ("operations = [2]\n", [MIGRATION]),
        (None, [MIGRATION]),
    ],
)
def test_migration_that_changed_is_found(
    repository: Path, text: str | None, changed: list[str]
) -> None:
    release(repository, "1.0.0")
    migration = repository / MIGRATION
    migration.with_name("0002_more.py").write_text("operations = [3]\n")
    if text is None:
        migration.unlink()
    else:
        migration.write_text(text)
    assert changed_migrations(repository, "v1.0.0") == changed
