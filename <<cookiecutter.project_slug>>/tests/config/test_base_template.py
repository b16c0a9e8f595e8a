"""What every page needs from `templates/base.html`."""

from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language_bidi, override

from themis.notifications import notify_user
from themis.tests.contract import BLOCKS, TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_that_themis_needs_exists(name: str) -> None:
    assert get_template(name)


def test_base_template_has_the_blocks_that_themis_fills() -> None:
    template: Any = get_template("base.html")
    blocks = template.template.nodelist.get_nodes_by_type(BlockNode)
    for name in set(BLOCKS) - {block.name for block in blocks}:
        pytest.fail(
            f"Add {{% block {name} %}}{{% endblock %}} to templates/base.html: pages "
            "of Themis fill it.",
            pytrace=False,
        )


LANGUAGE = settings.LANGUAGES[-1][0]


@pytest.fixture
def page(client: Client, user: Any) -> str:
    """One of Themis' pages, for a user who chose a language and the dark theme."""
    user.profile.language = LANGUAGE
    user.profile.theme = "dark"
    user.profile.save()
    notify_user(user, "Overdue")
    client.force_login(user)
    return client.get(reverse("themis:settings")).content.decode()


def test_page_names_its_language_direction_and_theme(page: str) -> None:
    html = page[page.index("<html") :].partition(">")[0]
    with override(LANGUAGE):
        direction = "rtl" if get_language_bidi() else "ltr"
    assert f'lang="{LANGUAGE}"' in html
    assert f'dir="{direction}"' in html
    assert 'data-theme="dark"' in html


def test_page_has_the_bell(page: str) -> None:
    assert 'popovertarget="bell"' in page, (
        'Add {% include "themis/bell.html" %} to templates/base.html.'
    )
    assert "data-badge>1<" in page


@pytest.mark.parametrize("name", ["themis:settings", "account_logout"])
def test_page_leads_to(page: str, name: str) -> None:
    assert f'"{reverse(name)}"' in page, (
        'Add {% include "themis/user_menu.html" %} to templates/base.html.'
    )


def test_page_shows_messages(client: Client, user: Any) -> None:
    client.force_login(user)
    url = reverse("themis:notifications-read")
    response = client.post(url, follow=True)
    [message] = response.context["messages"]
    assert str(message) in unescape(response.text)
