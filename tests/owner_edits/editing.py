"""Change files as somebody with an editor would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.documents import run


def replace(file: Path, before: str, after: str) -> None:
    """Replace a text that occurs exactly once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file} has {text.count(before)} times:\n{before}"
    file.write_text(text.replace(before, after), encoding="utf-8")


def append(file: Path, text: str) -> None:
    """Add lines at the end of a file, which may be new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(before + text, encoding="utf-8")


def set_variable(file: Path, name: str, value: str | None) -> None:
    """Set a variable of an `.env` file, or remove it."""
    lines = file.read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not line.startswith(f"{name}=")]
    added = [] if value is None else [f"{name}={value}"]
    file.write_text("\n".join([*others, *added]) + "\n", encoding="utf-8")


class Dumper(yaml.SafeDumper):
    """Never write YAML aliases, since nobody does by hand."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@contextmanager
def objects(file: Path) -> Iterator[list[Any]]:
    """Yield the objects of a YAML file, which may be new, for the block to change."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = [one for one in yaml.safe_load_all(text) if one]
    yield found
    file.write_text(yaml.dump_all(found, Dumper=Dumper, sort_keys=False), encoding="utf-8")


@contextmanager
def one_object(file: Path, kind: str = "", name: str = "") -> Iterator[Any]:
    """Yield the object of this kind or name in a YAML file, for the block to change."""
    with objects(file) as found:
        [one] = [
            one
            for one in found
            if kind in ("", one["kind"]) and name in ("", one.get("metadata", {}).get("name"))
        ]
        yield one


def delete_function(file: Path, name: str) -> None:
    """Delete a function with its decorators, and what only it uses in the file."""
    text = file.read_text(encoding="utf-8")
    pattern = rf"\n\n(?:@[^\n]*\n)*def {name}\(.*?(?=\n\n\n|\Z)"
    text, count = re.subn(pattern, "", text, flags=re.DOTALL)
    assert count == 1, f"{file} has {count} functions {name}."
    file.write_text(text.rstrip() + "\n", encoding="utf-8")
    project = next(folder for folder in file.parents if (folder / "manage.py").exists())
    run(project, f"ruff check --quiet --fix {file.relative_to(project)}")
