"""The catalogs are complete and current: found out without the gettext tools."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

# A message: context, singular, plural; each of the first and the last may be missing.
Message = tuple[str | None, str, str | None]

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
CATALOGS = sorted(ROOT.glob("locale")) + sorted(ROOT.glob("*/locale"))
catalogs = pytest.mark.parametrize(
    ("folder", "language"),
    [
        pytest.param(folder, language, id=f"{folder.relative_to(ROOT)}/{language}")
        for folder in CATALOGS
        for language in LANGUAGES
    ],
)

TEXT = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)")


def sources(folder: Path) -> Iterator[Path]:
    """The files whose texts a catalog translates: the nearest one above does."""
    for child in folder.iterdir():
        if child.is_file():
            yield child
        elif not (child / "locale").exists() and (
            folder != ROOT or child.name in ("accounts", "config", "templates")
        ):
            yield from sources(child)


def messages_of(folder: Path) -> set[Message]:
    found = set()
    for file in sources(folder):
        if file.suffix == ".py":
            found |= set(in_python(file.read_text("utf-8")))
        elif file.suffix in (".html", ".txt"):
            found |= set(in_template(file.read_text("utf-8")))
    return found


def in_python(code: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id.removesuffix("_lazy")
            if name in ("_", "gettext", "ngettext", "pgettext", "npgettext"):
                texts = [
                    argument.value
                    for argument in node.args[:3]
                    if isinstance(argument, ast.Constant)
                ]
                yield message(name, texts)


def in_template(html: str) -> Iterator[Message]:
    for name, texts in CALL.findall(templatize(html)):
        yield message(name, list(ast.literal_eval(f"[{texts}]")))


def message(function: str, texts: list[str]) -> Message:
    context = texts.pop(0) if "p" in function else None
    plural = texts[1] if function.startswith("n") else None
    return context, texts[0], plural


def entries(po: Path) -> dict[Message, list[str]]:
    """The translations in a .po file: one, or one for each plural form."""
    found = {}
    for block in re.split(r"\n\s*\n", po.read_text("utf-8")):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if match := re.fullmatch(r'(?:([a-z_]+(?:\[\d\])?) )?(".*")', line):
                name = match[1] or name
                fields[name] = fields.get(name, "") + ast.literal_eval(match[2])
        if fields.get("msgid"):
            key = (fields.get("msgctxt"), fields["msgid"], fields.get("msgid_plural"))
            found[key] = [v for name, v in fields.items() if name.startswith("msgstr")]
    return found


def po_file(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)\w|\{\w*\}", text))


def test_there_are_catalogs() -> None:
    assert ROOT / "locale" in CATALOGS
    assert ROOT / "themis" / "locale" in CATALOGS
    assert LANGUAGES


@catalogs
def test_catalog_has_every_message(folder: Path, language: str) -> None:
    assert messages_of(folder.parent) - set(entries(po_file(folder, language))) == set()


@catalogs
def test_every_message_is_translated(folder: Path, language: str) -> None:
    po = po_file(folder, language)

    assert [key for key, texts in entries(po).items() if not all(texts)] == []
    assert "#, fuzzy" not in po.read_text("utf-8")


@catalogs
def test_translations_keep_their_placeholders(folder: Path, language: str) -> None:
    for (_context, singular, plural), texts in entries(
        po_file(folder, language)
    ).items():
        for text in texts if plural is None else texts[1:]:
            assert placeholders(text) == placeholders(plural or singular), text


@catalogs
def test_compiled_catalog_is_current(folder: Path, language: str) -> None:
    po = po_file(folder, language)
    with po.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (context, singular, plural), texts in entries(po).items():
        if plural is not None:
            shown = [compiled.ngettext(singular, plural, count) for count in (1, 2)]
        elif context is not None:
            shown = [compiled.pgettext(context, singular)]
        else:
            shown = [compiled.gettext(singular)]
        assert shown == texts
