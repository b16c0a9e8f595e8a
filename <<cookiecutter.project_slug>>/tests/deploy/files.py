"""Read the manifests' files as they are in git, before rendering."""

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.manifests import ROOT

MANIFESTS = ROOT / "deploy/k8s"


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object with the path of its file."""
    for file in [*MANIFESTS.rglob("*.yaml"), *MANIFESTS.rglob("*.yml")]:
        for one in yaml.safe_load_all(file.read_text("utf-8")):
            if isinstance(one, dict):
                yield file.relative_to(ROOT).as_posix(), one


def is_ignored(file: Path) -> bool:
    """Return whether a .gitignore in a folder above lists the file."""
    file = file.resolve()
    for folder in [one for one in file.parents if one.is_relative_to(ROOT)]:
        ignore = folder / ".gitignore"
        for line in ignore.read_text("utf-8").splitlines() if ignore.exists() else []:
            pattern = line.strip().removeprefix("/")
            if fnmatch.fnmatch(file.relative_to(folder).as_posix(), pattern):
                return True
            if fnmatch.fnmatch(file.name, pattern):
                return True
    return False
