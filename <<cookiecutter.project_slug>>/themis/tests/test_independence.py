"""Themis goes with any project: it knows neither the example nor the configuration."""

import ast
from pathlib import Path

import pytest
from django.conf import settings


def imported(folder: str) -> set[str]:
    """The packages that a folder's modules import, at the top or inside a function."""
    files = list(Path(settings.BASE_DIR, folder).rglob("*.py"))
    assert files
    nodes = [
        node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))
    ]
    names = [
        alias.name
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_themis_imports_neither_config_nor_tracker() -> None:
    assert not imported("themis") & {"accounts", "config", "tracker"}


@pytest.mark.parametrize("folder", ["tests/themis", "accounts", "config"])
def test_nothing_else_imports_the_example(folder: str) -> None:
    assert "tracker" not in imported(folder)
