"""Every name in docs/architecture.md exists in a generated project."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.generate import generate
from tests.references import targets

DOCUMENT = "docs/architecture.md"
URL = re.compile(r"/[a-z0-9/-]*/")
FUNCTION = re.compile(r"[a-z_]+\(\)")
CLASS = re.compile(r"[A-Z]+[a-z]+[A-Za-z]*")
SETTING = re.compile(r"[A-Z][A-Z_]+")
TARGET = re.compile(r"make [a-z-]+")
MODULE = re.compile(r"[a-z_]+(\.[a-z_]+)+")


class Entry(NamedTuple):
    """A node of the diagram or a row of a table. The functions and classes that it names must
    be defined in the modules, files and folders that it names."""

    text: str
    names: list[str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("architecture"))


def document(project: Path) -> str:
    return (project / DOCUMENT).read_text(encoding="utf-8")


def nodes(text: str) -> Iterator[Entry]:
    """Yield the boxes of the diagram, including the zones."""
    [diagram] = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    for label in re.findall(r'\w+\[\(?"(.*?)"\)?\]', diagram):
        words = [word.strip(",:") for word in label.replace("<br>", " ").split()]
        yield Entry(label, [word for word in words if is_name(word)])


def is_name(word: str) -> bool:
    """Return whether a word of the diagram is a name. Quotes don't mark names there."""
    is_path = "/" in word or MODULE.fullmatch(word)
    is_camel_case = re.fullmatch(r"([A-Z][a-z]+){2,}", word)
    return bool(is_path or FUNCTION.fullmatch(word) or is_camel_case)


def rows(text: str) -> Iterator[Entry]:
    """Yield the rows of the tables."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield Entry(line, re.findall("`([^`]+)`", line))


def prose(text: str) -> Iterator[Entry]:
    """Yield the other lines."""
    in_diagram = False
    for line in text.splitlines():
        in_diagram ^= line.startswith("```")
        if not in_diagram and not line.startswith("|"):
            yield Entry(line, re.findall("`([^`]+)`", line))


def problems(project: Path, entry: Entry) -> list[str]:
    """Return the names of an entry that the project does not have."""
    places = [path for name in entry.names if (path := place(project, name))]
    return [f"{name} in: {entry.text}" for name in entry.names if not exists(project, places, name)]


def place(project: Path, name: str) -> Path | None:
    """Return the file or folder of a path or a module, or None."""
    if MODULE.fullmatch(name) and not (project / name).exists():
        folder = project / name.replace(".", "/")
        package = folder / "__init__.py"
        return folder if package.is_file() else file_or_none(folder.with_suffix(".py"))
    if URL.fullmatch(name):
        return None
    if name.endswith("/"):
        return project / name if (project / name).is_dir() else None
    return file_or_none(project / name)


def file_or_none(path: Path) -> Path | None:
    return path if path.is_file() else None


def exists(project: Path, places: list[Path], name: str) -> bool:
    if URL.fullmatch(name):
        return name in set(routes(project, "config.urls"))
    if FUNCTION.fullmatch(name):
        return any(name.removesuffix("()") in definitions(path) for path in places)
    if CLASS.fullmatch(name) and not (project / name).exists():
        return any(name in definitions(path) for path in places)
    if SETTING.fullmatch(name):
        return name in assigned(project / "config/settings.py")
    if TARGET.fullmatch(name):
        return name.removeprefix("make ") in targets(project)
    return place(project, name) is not None


@functools.cache
def definitions(path: Path) -> set[str]:
    """Return the functions and classes that a file, or a file in a folder, defines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    files = path.rglob("*.py") if path.is_dir() else [path] if path.suffix == ".py" else []
    return {node.name for file in files for node in parse(file).body if isinstance(node, kinds)}


def assigned(path: Path) -> set[str]:
    """Return the names that a module assigns to."""
    return {
        ast.unparse(target)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }


def routes(project: Path, module: str, prefix: str = "/") -> Iterator[str]:
    """Yield the paths in a URLconf, including those that it includes from others of the
    project."""
    path = place(project, module)
    if path is None:  # a library's
        return
    if path.is_dir():
        path /= "__init__.py"
    for node in ast.walk(parse(path)):
        match node:
            case ast.Call(
                func=ast.Name("path"),
                args=[
                    ast.Constant(str(route)),
                    ast.Call(func=ast.Name("include"), args=[ast.Constant(str(included))]),
                ],
            ):
                yield prefix + route
                yield from routes(project, included, prefix + route)
            case ast.Call(func=ast.Name("path"), args=[ast.Constant(str(route)), _]):
                yield prefix + route


@functools.cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_each_name_in_the_diagram_exists(project: Path) -> None:
    entries = list(nodes(document(project)))
    assert [problem for entry in entries for problem in problems(project, entry)] == []
    assert {name for entry in entries for name in entry.names} >= {
        "themis/",
        "tracker/triggers.py",
        "tracker.signals",
        "tracker.views",
        "tracker.management.commands",
        "tracker.tasks",
        "notify_user()",
        "notify_users()",
        "UserNotification",
        "/notifications/poll/",
    }


def test_each_name_in_the_tables_exists(project: Path) -> None:
    entries = list(rows(document(project)))
    assert len(entries) > 20
    assert [problem for entry in entries for problem in problems(project, entry)] == []


def test_each_name_in_the_text_exists(project: Path) -> None:
    entries = list(prose(document(project)))
    assert [problem for entry in entries for problem in problems(project, entry)] == []


def test_the_tables_name_every_folder_and_every_part_of_themis(project: Path) -> None:
    named = {name.rstrip("/") for entry in rows(document(project)) for name in entry.names}
    folders = {path.name for path in project.iterdir() if path.is_dir()}
    parts = {
        f"themis/{path.name}"
        for path in (project / "themis").iterdir()
        if path.is_dir() or (path.suffix == ".py" and path.name != "__init__.py")
    }
    expected = {name for name in folders if not name.startswith(".")} - {"themis"} | parts
    assert sorted(expected - named) == []


def test_it_is_short(project: Path) -> None:
    assert len(document(project).splitlines()) <= 80


def test_readme_links_to_it(project: Path) -> None:
    assert f"]({DOCUMENT})" in (project / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("| `themis/nothing/` |", "themis/nothing/"),
        ("| `themis/nothing.py` |", "themis/nothing.py"),
        ("| `themis.nothing` |", "themis.nothing"),
        ("| `themis/forms/` has `notify_user()` |", "notify_user()"),
        ("| `tracker/triggers.py` has `UserNotification` |", "UserNotification"),
        ("| `/notifications/nothing/` |", "/notifications/nothing/"),
        ("| `THEMIS_NOTHING` |", "THEMIS_NOTHING"),
        ("| `make nothing` |", "make nothing"),
        ("| `some words` |", "some words"),
    ],
)
def test_a_name_that_does_not_exist_is_found(project: Path, text: str, name: str) -> None:
    [entry] = rows(text)
    assert problems(project, entry) == [f"{name} in: {text}"]


def test_a_node_with_a_name_that_does_not_exist_is_found(project: Path) -> None:
    text = '```mermaid\na["notify_all() in themis.notifications"] --> b[("UserLetter")]\n```'
    assert [problem for entry in nodes(text) for problem in problems(project, entry)] == [
        "notify_all() in: notify_all() in themis.notifications",
        "UserLetter in: UserLetter",
    ]
