"""Your catalogs are complete and compiled. Themis tests its own."""

from pathlib import Path

import pytest
from django.conf import settings

from themis.tests.catalogs import Catalog, sources

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
# What each catalog translates: the app that it is in, or what has no other.
CATALOGS = {
    ROOT / "locale": [ROOT / name for name in ("accounts", "config", "templates")],
    **{
        folder: [folder.parent]
        for folder in sorted(ROOT.glob("*/locale"))
        if folder.parent.name != "themis"
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("folder", "translates"),
    CATALOGS.items(),
    ids=[str(folder.relative_to(ROOT)) for folder in CATALOGS],
)
def test_catalog(folder: Path, translates: list[Path], language: str) -> None:
    files = [file for place in translates for file in sources(place)]
    catalog = Catalog(folder / language / "LC_MESSAGES" / "django.po", files)

    assert catalog.problems() == []
