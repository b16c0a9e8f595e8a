"""The account pages use one vocabulary. A test of the template wrote this file.

Most texts are allauth's: override them in accounts/wording, and compile it. An owner may choose
another vocabulary, so a generated project does not have these tests.
"""

import gettext
import re
from html import unescape
from pathlib import Path

import allauth
import pytest
from django.utils.translation.trans_real import translation

from tests.accounts.test_accounts import eve, log_in, quick_passwords
from tests.config.routes import OTHER_ROUTES, VIEWS, is_variable, object_of, path_of

__all__ = ["eve", "quick_passwords"]

# Capitalized names.
NAMES = {"JavaScript"}
TITLE = re.compile(r'<(h[1-3]|button|label|a(?= class="btn))\b[^>]*>(.*?)</\1>', re.S)


def names_of(catalog):
    """Return the messages of a compiled catalog: the singular of those with a plural."""
    with catalog.open("rb") as file:
        messages = gettext.GNUTranslations(file)._catalog
    return {name if isinstance(name, str) else name[0] for name in messages if name}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_wording_replaces_a_text_of_allauth(language):
    """allauth's own text would be back after a change of it."""
    folder = Path(allauth.__file__).parent
    known = set().union(*map(names_of, folder.glob("locale/*/LC_MESSAGES/django.mo")))
    code = "".join(file.read_text("utf-8") for file in folder.rglob("*.html"))
    ours = names_of(Path("accounts/wording") / language / "LC_MESSAGES/django.mo")
    assert [name for name in ours if name not in known and name not in code] == []


def texts(language):
    """Return all of allauth's texts, as this project shows them in a language."""
    mo = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.mo"
    with mo.open("rb") as file:
        messages = gettext.GNUTranslations(file)._catalog
    shown = translation(language)._catalog
    return [
        shown.get(message) or (message if isinstance(message, str) else message[0])
        for message in messages
        if message
    ]


def capitals(text):
    """Return capitalized words that neither start a sentence nor are names."""
    text = re.sub(r"<[^>]*>|%\(\w+\)\w|\{\w+\}", "", unescape(text))
    sentences = re.split(r"[.?!:]\s|\n\W*\n|\n- |['\"\x04]", text)
    found = [re.findall(r"\b[A-Z][a-z]+\b", one.strip()[1:]) for one in sentences]
    return [word for words in found for word in words if word not in NAMES]


@pytest.mark.parametrize("text", ["Sign In", "Two-Factor authentication", "Are You?"])
def test_title_case_is_found(text):
    assert capitals(text)


@pytest.mark.parametrize("text", ["Sign in", "IP address", "Done. Sign in", "%(x)sNo"])
def test_sentence_case_is_not(text):
    assert not capitals(text)


def test_english_is_in_sentence_case():
    wrong = [text for text in texts("en") if capitals(text)]
    assert not wrong, "In accounts/wording/en, write these in sentence case."


def test_passkeys_have_one_name():
    assert not [text for text in texts("en") if "security key" in text.lower()]


def test_german_says_sie():
    du = re.compile(r"\b(du|dein\w*|dir|dich|euch|euer)\b", re.IGNORECASE)
    wrong = [text for text in texts("de") if du.search(text)]
    assert not wrong, "In accounts/wording/de, write these with Sie."


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["visitor", "user"])
def test_titles_are_in_sentence_case(client, eve, is_signed_in):
    routes = [name for name in OTHER_ROUTES if VIEWS[name].__module__[:7] == "allauth"]
    eve.profile.language = "en"
    eve.profile.save()
    if is_signed_in:
        log_in(client)
    titles = {}
    for route in sorted(routes, key=is_variable):  # those for one passkey come last
        about = object_of(route, eve)
        path = path_of(route, about)
        response = client.get(path, headers={"accept-language": "en"})
        if response.status_code == 200 and "<main" in response.text:
            main = response.text.partition("<main")[2].partition("</main>")[0]
            for _tag, title in TITLE.findall(main):
                title = re.sub(r"<[^>]*>", "", title).replace(f"{about}", "its name")
                titles[" ".join(title.split())] = path
    assert len(titles) > 5
    wrong = {title: path for title, path in titles.items() if capitals(title)}
    assert not wrong
