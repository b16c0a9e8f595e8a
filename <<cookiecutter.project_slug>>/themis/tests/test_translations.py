"""Themis' catalogs are complete and compiled."""

from pathlib import Path

import pytest

import themis
from themis.tests.catalogs import Catalog, sources

THEMIS = Path(themis.__file__).parent
PO = "LC_MESSAGES/django.po"
WRONG = """
msgid "Ajar"
msgstr "Öffnen"

#, fuzzy
msgid "Shut"
msgstr ""

msgid "Since %(day)s"
msgstr "Seit %(tag)s"

msgctxt "key"
msgid "Ajar"
msgstr "Offen"

msgid "%(count)s day"
msgid_plural "%(count)s days"
msgstr[0] "ein Tag"
msgstr[1] "%(count)s Tage"
"""


@pytest.mark.parametrize("language", ["de", "fr"])
def test_catalog(language):
    files = list(sources(THEMIS))
    catalog = Catalog(THEMIS / "locale" / language / PO, files)

    assert THEMIS / "urls/__init__.py" in files
    assert catalog.problems() == []


def test_problems_are_found(tmp_path):
    po = tmp_path / "django.po"
    po.write_text(WRONG, "utf-8")
    # Any compiled catalog that has none of these.
    mo = THEMIS / "locale" / "de" / PO.replace(".po", ".mo")
    po.with_suffix(".mo").write_bytes(mo.read_bytes())
    page = tmp_path / "page.html"
    page.write_text('{% load i18n %}{% translate "Ajar" %}{% translate "Spare" %}')

    problems = Catalog(po, [page]).problems()

    assert problems[:3] == [
        "missing: (None, 'Spare', None)",
        "empty: (None, 'Shut', None)",
        "other placeholders: (None, 'Since %(day)s', None)",
    ]
    assert len([problem for problem in problems if "not compiled" in problem]) == 5
    assert problems[-1] == "Some are fuzzy: check them, and remove the marks."
