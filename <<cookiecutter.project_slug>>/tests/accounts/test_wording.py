"""The account pages use one vocabulary. Most of their texts are allauth's.

Override those in accounts/wording, and compile it.
"""

import gettext
import re
from html import unescape
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.utils.translation.trans_real import translation

from tests.accounts.test_accounts import eve, log_in, quick_passwords
from tests.config.routes import OTHER_ROUTES, VIEWS, is_variable, object_of, path_of

__all__ = ["eve", "quick_passwords"]

# Capitalized names, such as that of a company whose accounts work here.
NAMES = {"JavaScript"}
TITLE = re.compile(r'<(h[1-3]|button|label|a(?= class="btn))\b[^>]*>(.*?)</\1>', re.S)


def offers(language):
    return pytest.mark.skipif(
        language not in dict(settings.LANGUAGES), reason="Nobody reads it."
    )


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


@offers("en")
def test_english_is_in_sentence_case():
    wrong = [text for text in texts("en") if capitals(text)]
    assert not wrong, "In accounts/wording/en, write these in sentence case."


@offers("en")
def test_passkeys_have_one_name():
    assert not [text for text in texts("en") if "security key" in text.lower()]


@offers("de")
def test_german_says_sie():
    du = re.compile(r"\b(du|dein\w*|dir|dich|euch|euer)\b", re.IGNORECASE)
    wrong = [text for text in texts("de") if du.search(text)]
    assert not wrong, "In accounts/wording/de, write these with Sie."


@offers("en")
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
