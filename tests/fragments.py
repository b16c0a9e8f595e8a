"""Write code that documents show without naming a file as tests inside a generated project.

They are in `documents/`, where mypy checks and pytest runs them: fragments of Python,
templates, doctests, and the options of commands.
"""

import ast
import builtins
import doctest
import re
import symtable
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tests.documents import FENCED, Block, blocks

FOLDER = "documents"
# Fixtures for the names that fragments use without defining them.
NAMES = Path(__file__).with_name("names_in_documents.py").read_text(encoding="utf-8")
MANAGE = re.compile(r"manage\.py ([a-z_]+)([^\n`#|]*)")


def write_fragments(document: Path, project: Path) -> Path:
    """Write the tests of a document into a project. Return the path of the file."""
    text = document.read_text(encoding="utf-8")
    parts = [NAMES, *_parts(document, project)]
    stem = document.stem.lower().replace("-", "_")
    if not document.is_relative_to(project):
        stem = f"template_{stem}"
    file = project / FOLDER / f"test_{stem}.py"
    file.parent.mkdir(exist_ok=True)
    (file.parent / "__init__.py").touch()
    file.write_text("\n\n".join(parts), encoding="utf-8")
    if examples := doctest.DocTestParser().get_examples(text):
        (file.parent / f"examples_of_{stem}.py").write_text(_as_module(examples), encoding="utf-8")
    return file


def _parts(document: Path, project: Path) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    for block in blocks(document):
        if block.language == "python" and block.file is None:
            yield fragment(block)
        elif block.language == "html":
            yield (
                f"def test_template_of_line_{block.line}() -> None:\n"
                f"    compile_template({block.text!r})"
            )
    for number, (command, options) in enumerate(commands_not_played(text), 1):
        yield f"def test_command_{number}() -> None:\n    parse_options({command!r}, {options!r})"
    if ">>> " in text:
        name = document.relative_to(project).as_posix()
        yield f"def test_examples(user: User) -> None:\n    run_examples({name!r}, user)"


def fragment(block: Block) -> str:
    """Return the fragment as a test, whose parameters are the names it does not define."""
    types = annotations()
    names = sorted(_free_names(block.text))
    unknown = [name for name in names if name not in types]
    assert unknown == [], f"{block.where} uses {unknown}: define them, or add fixtures for them."
    parameters = ", ".join(f"{name}: {types[name]}" for name in names)
    body = textwrap.indent(block.text, "    ")
    return f"def test_line_{block.line}({parameters}) -> None:\n{body}"


def commands_not_played(text: str) -> list[tuple[str, str]]:
    """Return the project's commands that a document names, with their options."""
    return MANAGE.findall(FENCED.sub(lambda match: "" if match[2] == "console" else match[0], text))


def annotations() -> dict[str, str]:
    """Return the types of the fixtures by name."""
    return {
        node.name: ast.unparse(node.returns)
        for node in ast.parse(NAMES).body
        if isinstance(node, ast.FunctionDef) and node.decorator_list and node.returns
    }


def _free_names(source: str) -> set[str]:
    function = "def fragment():\n" + textwrap.indent(source, "    ")
    [table] = symtable.symtable(function, "fragment", "exec").get_children()
    return set(_globals(table)) - set(vars(builtins))


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_global():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child)


def _as_module(examples: list[doctest.Example]) -> str:
    """Return the source for the type checker: doctests see the names of a module."""
    head = "from accounts.models import User\n\nuser = User()\n"
    return head + "".join(example.source for example in examples)
