"""The committed scripts and styles are the built ones, and format as Django does."""

import json
import shutil
from pathlib import Path

import pytest

from tests.documents import copy_of_project, run
from tests.generate import PROJECT_FOLDER

BUILT = Path("themis/static/themis")
NAMES = ["themis.css", "themis.js", "calendar.js", "cally.js"]
FORMATS = [
    *("Y-m-d", "d.m.Y", "j M Y", "M j, Y", "N j, Y", "j E Y", "j. F Y", "n/j/Y"),
    *("l, j F Y", "D d.m.Y", r"j \d\e F \d\e Y", "Y年n月j日"),
    *("H:i", "G.i", r"G\hi", "h:i A", "g:i a", "A g:i"),
    *("d.m.Y H:i", "M j, Y g:i A", "l j F Y A h:i"),
]
MOMENTS = ["2026-03-09T00:05", "2026-12-31T12:00", "1999-02-28T23:59", "0099-05-03T09:30"]
# The output of both: for each format, a list with the text for each moment.
AS_DJANGO = """
import json
from datetime import datetime
from django.utils import dateformat
from themis.formatting.format_characters import names
formats, moments = json.load(open("formats.json"))
moments = [datetime.fromisoformat(moment) for moment in moments]
written = [[dateformat.format(moment, form) for moment in moments] for form in formats]
print(json.dumps([written, [json.dumps(names(form)) for form in formats]]))
"""
AS_SCRIPT = """
import { readFileSync } from "node:fs";
import { write } from "./frontend/js/format.js";
const [formats, moments, names] = JSON.parse(readFileSync("formats.json"));
const written = formats.map((format, n) =>
  moments.map((moment) => write(moment, { format, names: names[n] })));
console.log(JSON.stringify(written));
"""


@pytest.fixture(scope="module")
def copy(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its front-end tools."""
    copy = copy_of_project(project, tmp_path_factory.mktemp("frontend") / "project")
    run(copy, "npm ci --prefix frontend --ignore-scripts --no-audit --no-fund")
    return copy


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_script_writes_dates_and_times_as_django_does(copy: Path, language: str) -> None:
    formats = copy / "formats.json"
    formats.write_text(json.dumps([FORMATS, MOMENTS]), encoding="utf-8")
    (copy / "as_django.py").write_text(
        f"from django.utils import translation\ntranslation.activate({language!r})\n{AS_DJANGO}",
        encoding="utf-8",
    )
    shell = "python manage.py shell -v0 -c 'exec(open(\"as_django.py\").read(), globals())'"
    expected, names = json.loads(run(copy, shell))
    formats.write_text(json.dumps([FORMATS, MOMENTS, names]), encoding="utf-8")
    (copy / "as_script.mjs").write_text(AS_SCRIPT, encoding="utf-8")
    written = json.loads(run(copy, "node as_script.mjs"))

    assert dict(zip(FORMATS, written, strict=True)) == dict(zip(FORMATS, expected, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_committed_files_match_the_build(copy: Path, name: str) -> None:
    if not (copy / "built").exists():
        for each in NAMES:
            (copy / BUILT / each).unlink()
        run(copy, "npm run themis --prefix frontend")
        (copy / "built").touch()

    committed = PROJECT_FOLDER / BUILT / name
    assert (copy / BUILT / name).read_bytes() == committed.read_bytes(), (
        "Run `npm run themis` in frontend/."
    )


def test_owners_classes_keep_themis_styles(copy: Path) -> None:
    before = {path: path.read_bytes() for path in (copy / "themis").rglob("*.css")}
    page = copy / "templates/home.html"
    page.write_text('<p class="text-7xl sm:rotate-12">Welcome</p>', encoding="utf-8")
    run(copy, "make css")

    written = (copy / "static/themis/themis.css").read_text(encoding="utf-8")
    assert r".sm\:rotate-12" in written
    assert ".text-7xl" in written
    assert {path: path.read_bytes() for path in before} == before
    found = run(copy, "python manage.py findstatic --first -v0 themis/themis.css")
    assert found.strip() == str(copy / "static/themis/themis.css")
    shutil.rmtree(copy / "static/themis")
