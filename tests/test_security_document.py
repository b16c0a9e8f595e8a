"""In docs/security.md, each requirement that is met names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.generate import PROJECT_FOLDER

ROW = re.compile(r"^\| ([\d., ]+) ([^|]*) \| (yes|no) \| (.*) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
# The last requirement of each section of ASVS 5.0: higher numbers do not exist.
LAST = """
1.1:2 1.2:10 1.3:12 1.4:3 1.5:3 2.1:3 2.2:3 2.3:5 2.4:2 3.1:1 3.2:3 3.3:5
3.4:8 3.5:8 3.6:1 3.7:5 4.1:5 4.2:5 6.1:3 6.2:12 6.3:8 6.4:6 6.5:8 7.1:3
7.2:4 7.3:2 7.4:5 7.5:3 8.1:4 8.2:4 8.3:3 8.4:2 11.1:4 11.2:5 11.3:5 11.4:4
11.5:2 11.6:2 11.7:2 12.1:5 12.2:2 12.3:5 13.1:4 13.2:6 13.3:4 13.4:7 14.1:2 14.2:8
14.3:3 15.1:5 15.2:5 15.3:7 15.4:4 16.1:1 16.2:5 16.3:4 16.4:3 16.5:4
"""
SECTIONS = dict(pair.split(":") for pair in LAST.split())
ROWS = ROW.findall((PROJECT_FOLDER / "docs/security.md").read_text(encoding="utf-8"))


@cache
def names_in(name: str) -> set[str]:
    tree = ast.parse((PROJECT_FOLDER / name).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_is_read() -> None:
    text = (PROJECT_FOLDER / "docs/security.md").read_text(encoding="utf-8")
    assert len(ROWS) == len(re.findall(r"^\| \d", text, re.MULTILINE)) > 50


@pytest.mark.parametrize(("numbers", "words", "met", "by"), ROWS)
def test_row(numbers: str, words: str, met: str, by: str) -> None:
    named = TEST.findall(by)
    assert named or met == "no", "Name the test that proves it."
    assert len(named) == by.count("::")
    for file, test in named:
        assert test in names_in(file), f"{file} has no {test}."
    assert words
    assert by


def test_requirements_are_those_of_the_standard() -> None:
    numbers = [number for row in ROWS for number in row[0].split(", ")]
    assert len(numbers) == len(set(numbers)), "A requirement is in two rows."
    for number in numbers:
        section, _, last = number.rpartition(".")
        assert 1 <= int(last) <= int(SECTIONS[section]), number


def test_files_are_in_the_project() -> None:
    assert all(
        Path(PROJECT_FOLDER, file).is_file() for row in ROWS for file, _ in TEST.findall(row[3])
    )
