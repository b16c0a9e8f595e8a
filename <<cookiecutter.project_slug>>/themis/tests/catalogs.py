"""Find errors in translation catalogs without the gettext tools."""

import ast
import gettext
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# A message: context, singular, plural. Context and plural may be missing.
Message = tuple[str | None, str, str | None]

TEXT = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)")


@dataclass
class Catalog:
    """A .po file, its .mo file, and the files that they translate."""

    po: Path
    sources: list[Path]

    def problems(self) -> list[str]:
        """Return the problems of the catalog, one message each."""
        translated = entries(self.po)
        is_fuzzy = "#, fuzzy" in self.po.read_text("utf-8")
        return [
            *(f"missing: {key}" for key in messages(self.sources) - set(translated)),
            *(f"empty: {key}" for key, texts in translated.items() if not all(texts)),
            *(f"other placeholders: {key}" for key in self._misplaced(translated)),
            *(f"not compiled: {key}" for key in self._outdated(translated)),
            *(["Some are fuzzy: check them, and remove the marks."] * is_fuzzy),
        ]

    def _misplaced(self, translated: dict[Message, list[str]]) -> Iterator[Message]:
        for key, texts in translated.items():
            _context, singular, plural = key
            for text in texts if plural is None else texts[1:]:
                if placeholders(text) != placeholders(plural or singular):
                    yield key

    def _outdated(self, translated: dict[Message, list[str]]) -> Iterator[Message]:
        with self.po.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        for key, texts in translated.items():
            context, singular, plural = key
            if plural is not None:
                shown = [compiled.ngettext(singular, plural, count) for count in (1, 2)]
            elif context is not None:
                shown = [compiled.pgettext(context, singular)]
            else:
                shown = [compiled.gettext(singular)]
            if shown != texts:
                yield key


def sources(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder, except tests and folders with their own catalog."""
    for child in folder.iterdir():
        if child.is_file():
            yield child
        elif child.name != "tests" and not (child / "locale").exists():
            yield from sources(child)


def messages(files: Iterable[Path]) -> set[Message]:
    found: set[Message] = set()
    for file in files:
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
    """Return the translations in a .po file, one for each plural form."""
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


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)\w|\{\w*\}", text))
