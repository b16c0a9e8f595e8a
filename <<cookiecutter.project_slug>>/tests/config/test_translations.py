"""Translations are compiled, and do not fail when they are shown.

A missing translation is fine: the text is shown in English.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

# A message: context, singular, plural; each of the first and the last may be missing.
Message = tuple[str | None, str, str | None]

ROOT = Path(settings.BASE_DIR)
COMPILE = "python manage.py compilemessages --ignore .venv --ignore themis"
# Numbers that cover the plural forms of any language.
NUMBERS = [*range(200), 1_000_000]


def catalogs() -> list[Path]:
    """Return the project's catalogs. Themis has its own tests."""
    folders = [Path(one.path, "locale") for one in apps.get_app_configs()]
    return sorted(
        po
        for folder in [*map(Path, settings.LOCALE_PATHS), *folders]
        if folder.is_relative_to(ROOT) and ".venv" not in folder.parts
        if folder != ROOT / "themis/locale"
        for po in folder.glob("*/LC_MESSAGES/*.po")
    )


every_catalog = pytest.mark.parametrize(
    "po", catalogs(), ids=lambda po: str(po.relative_to(ROOT))
)


def translations(po: Path) -> Iterator[tuple[Message, list[str]]]:
    """Yield messages with their translations, one for each plural form."""
    for block in re.split(r"\n\s*\n", po.read_text("utf-8")):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := re.fullmatch(r'(?:([a-z_]+(?:\[\d\])?) )?(".*")', line):
                name = match[1] or name
                fields[name] = fields.get(name, "") + ast.literal_eval(match[2])
        texts = [text for name, text in fields.items() if name.startswith("msgstr")]
        is_fuzzy = re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE)
        if fields.get("msgid") and all(texts) and not is_fuzzy:
            message = fields.get("msgctxt"), fields["msgid"], fields.get("msgid_plural")
            yield message, texts


def fails(text: str, message: Message) -> bool:
    """Return whether formatting a translation with its message's values fails."""
    _context, singular, plural = message
    original = singular + (plural or "")
    if "%(" in original:
        values = dict.fromkeys(re.findall(r"%\((\w+)\)", original), 1)
        try:
            text % values
        except (KeyError, TypeError, ValueError):
            return True
    braces = re.compile(r"\{\w*\}")
    return not set(braces.findall(text)) <= set(braces.findall(original))


@every_catalog
def test_translations_have_the_placeholders_of_their_message(po: Path) -> None:
    wrong = [
        f"{po.relative_to(ROOT)} translates {message[1]!r} to {text!r}, which cannot "
        f"be filled: write the placeholders as they are, then run `{COMPILE}`."
        for message, texts in translations(po)
        for text in texts
        if fails(text, message)
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@every_catalog
def test_catalog_is_compiled(po: Path) -> None:
    mo = po.with_suffix(".mo")
    shown = gettext.NullTranslations()
    if mo.exists():
        with mo.open("rb") as file:
            shown = gettext.GNUTranslations(file)
    if not all(is_in(shown, message, texts) for message, texts in translations(po)):
        pytest.fail(
            f"{mo.relative_to(ROOT)} is older than its .po file: run `{COMPILE}`, and "
            "commit both.",
            pytrace=False,
        )


def is_in(shown: gettext.NullTranslations, message: Message, texts: list[str]) -> bool:
    context, singular, plural = message
    if plural is None:
        if context is None:
            return shown.gettext(singular) == texts[0]
        return shown.pgettext(context, singular) == texts[0]
    if context is None:
        forms = {shown.ngettext(singular, plural, number) for number in NUMBERS}
    else:
        forms = {
            shown.npgettext(context, singular, plural, number) for number in NUMBERS
        }
    return forms <= set(texts)
