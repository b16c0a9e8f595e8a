"""Make a release of the template: `make release VERSION=1.0.0`.

The version goes into pyproject.toml, the date into the changelog, and both into a commit with an
annotated tag, whose message is the section of the changelog.
"""

import ast
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

TEMPLATE = Path(__file__).parent.parent
PROJECT_FOLDER = "<<cookiecutter.project_slug>>"
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class ReleaseError(Exception):
    """The reason why there can be no release, with the fix."""


def git(folder: Path, *arguments: str) -> str:
    """Return the output of a git command, without the last newline."""
    run = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise ReleaseError(f"git {arguments[0]} failed: {run.stderr.strip()}")
    return run.stdout.rstrip("\n")


def numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers of a version, to compare it. Raise ReleaseError."""
    if not (match := VERSION.fullmatch(version)):
        raise ReleaseError(f"{version!r} is not a version. Write `make release VERSION=1.0.0`.")
    return tuple(int(number) for number in match.groups())


def newest_tag(folder: Path) -> str | None:
    """Return the tag of the newest release, or None before the first."""
    tags = git(folder, "tag", "--list", "v*").splitlines()
    releases = [tag for tag in tags if VERSION.fullmatch(tag[1:])]
    return max(releases, key=lambda tag: numbers(tag[1:]), default=None)


def release(folder: Path, version: str) -> str:
    """Write the version and the date, commit, and tag. Return the tag. Raise ReleaseError."""
    tag, newest = f"v{version}", newest_tag(folder)
    if newest and numbers(version) <= numbers(newest[1:]):
        raise ReleaseError(f"{version} is not newer than {newest}, the newest release.")
    numbers(version)
    if git(folder, "status", "--porcelain"):
        raise ReleaseError("The working tree is not clean. Commit your changes, or stash them.")
    changelog, project = folder / "CHANGELOG.md", folder / "pyproject.toml"
    text = changelog.read_text(encoding="utf-8")
    heading = f"## {version} (unreleased)"
    _, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    notes = re.split(r"^## ", rest, flags=re.MULTILINE)[0].strip()
    if not (found and re.search(r"^- ", notes, re.MULTILINE)):
        raise ReleaseError(f"CHANGELOG.md says nothing below {heading!r}. Say what is new.")
    date = datetime.now(UTC).date()
    changelog.write_text(text.replace(heading, f"## {version} ({date})"), encoding="utf-8")
    settings = project.read_text(encoding="utf-8")
    settings = re.sub(r'^version = ".*"$', f'version = "{version}"', settings, flags=re.MULTILINE)
    project.write_text(settings, encoding="utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", f"Release {version}")
    # Verbatim: lines that start with "#" are headings, not comments.
    message = f"Release {version}\n\n{notes}\n"
    git(folder, "tag", "--annotate", "--cleanup=whitespace", "--message", message, tag)
    return tag


def changed_migrations(folder: Path, tag: str) -> list[str]:
    """Return the migrations of a release that were deleted or changed."""
    listing = git(folder, "ls-tree", "-r", "-z", "--name-only", tag, "--", PROJECT_FOLDER)
    return [
        name
        for name in listing.split("\0")
        if "/migrations/" in name and name.endswith(".py") and "/tests/" not in name
        if not _is_same(folder / name, git(folder, "show", f"{tag}:{name}"))
    ]


def _is_same(file: Path, released: str) -> bool:
    """Return whether a file has this code. Comments and formatting may differ."""
    if not file.is_file():
        return False
    return ast.dump(ast.parse(file.read_text(encoding="utf-8"))) == ast.dump(ast.parse(released))


if __name__ == "__main__":
    try:
        tag = release(TEMPLATE, sys.argv[1])
    except ReleaseError as error:
        sys.exit(str(error))
    print(f"Tagged {tag}. Look at `git show {tag}`, then: git push --follow-tags")
