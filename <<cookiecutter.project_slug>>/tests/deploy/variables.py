"""Find the variables that the code reads and needs, by reading the code."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.manifests import ROOT

NOT_CODE = {"tests", "node_modules", "migrations", "staticfiles", "venv", "env"}


@functools.cache
def mentioned() -> set[str]:
    """Return every variable that any module of the project may read."""
    return {
        node.value
        for file in modules(ROOT)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[A-Z][A-Z0-9_]+", node.value)
    }


@functools.cache
def required() -> dict[str, str]:
    """Return the variables that production requires, with the files that read them."""
    files = [*modules(ROOT / "config"), ROOT / "gunicorn.conf.py"]
    trees = {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in files
        if file.exists()
    }
    defaults = {
        keyword.arg
        for tree in trees.values()
        for call in calls(tree)
        if ast.unparse(call.func) in ("environ.Env", "environ.FileAwareEnv")
        for keyword in call.keywords
    }
    return {
        name: file
        for file, tree in trees.items()
        for name in _needed(tree)
        if name not in defaults
    }


def secrets() -> set[str]:
    """Return the variables read with `secret()`, which no ConfigMap may hold."""
    return {
        str(call.args[0].value)
        for file in modules(ROOT / "config")
        for call in calls(ast.parse(file.read_text("utf-8")))
        if ast.unparse(call.func) == "secret"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def modules(folder: Path) -> Iterator[Path]:
    """Yield the project's own modules, except its tests."""
    for child in sorted(folder.iterdir()):
        if child.suffix == ".py":
            yield child
        elif child.is_dir() and child.name not in NOT_CODE and child.name[0] != ".":
            yield from modules(child)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _needed(node: ast.AST) -> Iterator[str]:
    """Yield variables without a default, except those needed only in some cases."""
    if isinstance(node, ast.If | ast.IfExp | ast.FunctionDef | ast.Lambda):
        return
    match node:
        case ast.Call(args=[ast.Constant(value=name), *_]) if _has_no_default(node):
            yield str(name)
        case ast.Subscript(slice=ast.Constant(value=name), ctx=ast.Load()) if (
            ast.unparse(node.value) == "os.environ"
        ):
            yield str(name)
    for child in ast.iter_child_nodes(node):
        yield from _needed(child)


def _has_no_default(call: ast.Call) -> bool:
    function = ast.unparse(call.func)
    if function == "required":
        return True
    # env("NAME", cast, default), env.str("NAME", default)
    before_default = 2 if function == "env" else 1
    return (
        (function == "env" or function.startswith("env."))
        and len(call.args) <= before_default
        and not any(keyword.arg == "default" for keyword in call.keywords)
    )
