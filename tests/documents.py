"""The code blocks of documents, and what readers do with them.

In a project's documents,

* a ```diff block is an edit of the file named in its first line: `--- config/urls.py`;
* a ```python block is a part of the file named in its first line: `# orders/models.py`.
  Without such a line, it is a fragment to use anywhere: `tests.fragments`;
* a ```css block is the file named in its first line: `/* static/site.css */`;
* a ```console block has commands after `$ `, each with its output, if that matters;
* an ```sh block has commands for another machine or another day, which are not run.
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.commands import inherited

FENCED = re.compile(r"^( *)```([a-z]*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
IN_FILE = {
    "python": re.compile(r"# ([\w./-]+\.py)\n+(?=.)"),
    "css": re.compile(r"/\* ([\w./-]+\.css) \*/\n(?=.)"),
}


@dataclass(frozen=True)
class Block:
    """A code block, without the indentation of the list item around it."""

    document: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The path of the file that it is, or is a part of, in the project."""
        pattern = IN_FILE.get(self.language)
        match = pattern.match(self.text) if pattern else None
        return match[1] if match else None

    @property
    def where(self) -> str:
        return f"{self.document.name}, line {self.line}"


def blocks(document: Path, language: str | None = None) -> list[Block]:
    """Return the code blocks of a document in order, of one language or of all."""
    text = document.read_text(encoding="utf-8")
    return [
        Block(
            document,
            text.count("\n", 0, match.start()) + 1,
            match[2],
            re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE),
        )
        for match in FENCED.finditer(text)
        if language in (None, match[2])
    ]


def copy_of_project(project: Path, folder: Path) -> Path:
    """Return a copy of an installed project that shares its packages, without its database.

    It keeps mypy's cache, which takes mypy a while to build.
    """
    ignored = shutil.ignore_patterns(
        ".venv", "db.sqlite3*", ".git", "__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache"
    )
    shutil.copytree(project, folder, ignore=ignored)
    (folder / ".venv").symlink_to((project / ".venv").resolve())
    return folder


def a_copy(project: Path, name: str, shared_folder: Path, change: Callable[[Path], None]) -> Path:
    """Return a copy of a project, changed once for all processes of a test run."""
    copy = shared_folder / name
    with FileLock(shared_folder / f"{name}.lock"):
        if not copy.exists():
            unfinished = shared_folder / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            change(copy_of_project(project, unfinished))
            unfinished.rename(copy)
    return copy


def play(document: Path, project: Path, **environment: str) -> None:
    """Follow a document in a project, block by block."""
    for block in blocks(document):
        if block.language == "diff":
            edit(project, block)
        elif block.language == "console":
            for command, output in commands(block):
                printed = run(project, command, where=block.where, **environment)
                if output:
                    assert printed == output, f"{block.where}: {command} prints\n{printed}"
        elif block.language == "css" and block.file:
            (project / block.file).write_text(block.text, encoding="utf-8")
        elif block.file:
            put(project, block.file, block.text)


def edit(project: Path, block: Block) -> None:
    """Apply a diff: a header with the file, then lines to keep, remove and add.

    A line `@@` separates two places in the file.
    """
    header, _, places = block.text.partition("\n")
    file = project / header.removeprefix("--- ")
    text = "\n" + file.read_text(encoding="utf-8")
    for place in re.split(r"^@@\n", places, flags=re.MULTILINE):
        lines = place.splitlines(keepends=True)
        before = "\n" + "".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n" + "".join(line[1:] for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"{block.where}: {header} does not have:{before}"
        text = text.replace(before, after)
    file.write_text(text.removeprefix("\n"), encoding="utf-8")


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Return the commands of a console block, each with its output."""
    text = ""
    for line in block.text.splitlines(keepends=True):
        if line.startswith("$ ") and text:
            yield _command_and_output(text)
            text = ""
        text += line
    yield _command_and_output(text)


def _command_and_output(text: str) -> tuple[str, str]:
    lines = text.removeprefix("$ ").splitlines(keepends=True)
    for end in range(1, len(lines) + 1):
        command = "".join(lines[:end])
        try:
            shlex.split(command)
        except ValueError:  # an open quote: the command continues
            continue
        return command.rstrip("\n"), "".join(lines[end:])
    raise AssertionError(f"No end of the command: {text}")


def run(project: Path, command: str, where: str = "", **environment: str) -> str:
    """Run a command in a project, with the project's Python. Return its output."""
    programs = project / ".venv" / "bin"
    result = subprocess.run(
        shlex.split(command),
        cwd=project,
        env={**inherited(), "PATH": f"{programs}:{os.environ['PATH']}", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{where or project.name}: {command} failed:\n{result.stdout}"
    return result.stdout


def put(project: Path, name: str, source: str) -> None:
    """Write a part of a Python file, some of which may already be there.

    Replace definitions of the same names, append new ones, and merge the imports.
    """
    file = project / name
    file.parent.mkdir(parents=True, exist_ok=True)
    source = source.removeprefix(f"# {name}\n").lstrip("\n")
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    new = source if _is_all_of(source, old) else _merged(old, source)
    file.write_text(new, encoding="utf-8")


def _is_all_of(source: str, old: str) -> bool:
    """Return whether a file has only imports and what the source defines."""
    has_calls = any(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        for statement in ast.parse(old).body
    )
    return not has_calls and _names(old) <= _names(source)


def _names(source: str) -> set[str]:
    return {name for statement in ast.parse(source).body if (name := _name(statement))}


def _name(statement: ast.stmt) -> str | None:
    """Return the name that a statement of a module defines."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def _merged(old: str, new: str) -> str:
    imports, others, replaced = [], [], {}
    for statement, text in _statements(new):
        name = _name(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports.append(text)
        elif name in _names(old):
            replaced[name] = text
        else:
            others.append(text)
    lines = old.splitlines()
    for statement in reversed(ast.parse(old).body):
        if (name := _name(statement)) in replaced:
            lines[_start(statement) - 1 : statement.end_lineno] = [replaced[name]]
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            lines[statement.end_lineno : statement.end_lineno] = imports
            imports = []
    return "\n".join([*imports, *lines, *(f"\n\n{text}" for text in others), ""])


def _statements(source: str) -> Iterator[tuple[ast.stmt, str]]:
    """Return the statements of a module, each with the comments above it."""
    lines = source.splitlines()
    end = 0
    for statement in ast.parse(source).body:
        yield statement, "\n".join(lines[end : statement.end_lineno]).strip("\n")
        end = statement.end_lineno or end


def _start(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])
