"""Find references in code and templates without running them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path


def packages(project: Path) -> set[str]:
    """Return the names of all packages and modules in a project's own folder."""
    return {
        path.stem
        for path in project.iterdir()
        if path.stem.isidentifier()
        and (path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.py"))))
    }


def imported(file: Path) -> set[str]:
    """Return the modules that a file imports, at its top or inside a function.

    Relative imports are left out: they cannot leave their package.
    """
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {str(node.module)}
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def named(file: Path, names: set[str]) -> set[str]:
    """Return the strings of a file that refer to one of the packages `names`.

    These are dotted paths, model labels, names of views and templates, and Python code
    for another process.
    """
    package = "|".join(sorted(names))
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        path = re.compile(rf"({package})([.:][\w.:-]+|/[\w/]+\.(html|txt|js|css))")
        code = re.compile(rf"^\s*(from|import) ({package})\b", re.MULTILINE)
        return {
            string
            for string in strings(ast.parse(text))
            if path.fullmatch(string) or code.search(string)
        }
    quoted = re.finditer(rf"[\"']((?:{package})[.:/][^\"']*)", text)
    return {match[1] for match in quoted}


def strings(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a module, except docstrings, which may show examples."""
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_string and id(node) not in docstrings:
            yield node.value
