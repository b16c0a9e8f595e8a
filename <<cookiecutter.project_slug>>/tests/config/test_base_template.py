"""What every page takes from `templates/base.html`."""

from typing import Any

import pytest
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.test import Client

from themis.notifications import notify_user
from themis.tests.contract import BLOCKS, TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_that_themis_needs_exists(name: str) -> None:
    assert get_template(name)


def test_base_template_has_the_blocks_that_themis_fills() -> None:
    template: Any = get_template("base.html")
    blocks = template.template.nodelist.get_nodes_by_type(BlockNode)
    missing = set(BLOCKS) - {block.name for block in blocks}
    assert not missing, (
        f"Themis' pages fill blocks that templates/base.html has not: {missing}."
    )


@pytest.fixture
def page(client: Client, user: Any) -> str:
    """A page of Themis, as somebody sees it who chose German and the dark theme."""
    user.profile.language = "de"
    user.profile.theme = "dark"
    user.profile.save()
    notify_user(user, "Overdue")
    client.force_login(user)
    return client.get("/settings/").content.decode()


def test_page_names_its_language_direction_and_theme(page: str) -> None:
    html = page[page.index("<html") :].partition(">")[0]
    assert 'lang="de"' in html
    assert 'dir="ltr"' in html
    assert 'data-theme="dark"' in html


def test_page_has_the_bell(page: str) -> None:
    assert 'popovertarget="bell"' in page
    assert "Overdue" in page


def test_page_has_the_menu_of_the_user(page: str) -> None:
    assert 'popovertarget="user-menu"' in page


def test_page_shows_messages(client: Client, user: Any) -> None:
    client.force_login(user)
    form = client.get("/settings/").context["form"]
    same = {field.name: field.value() for field in form if field.value()}
    response = client.post("/settings/", same, follow=True)
    [message] = response.context["messages"]
    assert str(message) in response.text
