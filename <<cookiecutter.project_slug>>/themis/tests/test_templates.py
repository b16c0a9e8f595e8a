"""The templates of these tests have all that Themis' pages require of a project:
`base.html` with its blocks, and `navigation.html`."""

from pathlib import Path

import pytest
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

import themis
from themis.tests.contract import BLOCKS, TEMPLATES

FOLDER = Path(themis.__file__).parent / "templates"
OWN = {"page"}  # blocks of account.html, which other pages of Themis fill
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


def nodes(name, kind):
    return get_template(name).template.nodelist.get_nodes_by_type(kind)


@pytest.mark.parametrize("name", NAMES)
def test_takes_from_the_project_what_the_contract_names(name):
    taken = {str(node.parent_name) for node in nodes(name, ExtendsNode)}
    taken |= {str(node.template) for node in nodes(name, IncludeNode)}
    others = {
        name
        for name in (name.strip("\"'") for name in taken)
        if not name.startswith(("themis/", "django/"))
    }

    assert others <= set(TEMPLATES)


@pytest.mark.parametrize("name", NAMES)
def test_fills_the_blocks_that_the_contract_names(name):
    if nodes(name, ExtendsNode):
        assert {node.name for node in nodes(name, BlockNode)} <= {*BLOCKS, *OWN}


def test_everything_in_the_contract_is_used():
    pages = [name for name in NAMES if nodes(name, ExtendsNode)]
    filled = {node.name for page in pages for node in nodes(page, BlockNode)}
    assert filled - OWN == set(BLOCKS)
    texts = "".join((FOLDER / name).read_text("utf-8") for name in NAMES)
    assert [name for name in TEMPLATES if f'"{name}"' not in texts] == []
