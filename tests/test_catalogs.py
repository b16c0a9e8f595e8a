"""The catalogs are complete, compiled, and as the documented commands write them."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.catalogs import CREATED, catalogs, commands, compile_messages, make_messages
from tests.documents import copy_of_project, run
from tests.generate import PROJECT_FOLDER
from tests.heavy.processes import missing

LANGUAGES = ["de", "fr"]
HINT = "`make catalogs` updates it"

every_catalog = pytest.mark.parametrize("name", catalogs(PROJECT_FOLDER), ids=str)


@pytest.fixture(scope="module", autouse=True)
def gettext() -> None:
    if shutil.which("msgfmt") is None:
        missing("GNU gettext")


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    return copy_of_project(project, tmp_path / "project")


def content(mo: Path) -> str:
    """Return the content of a compiled catalog, which gettext versions pack differently."""
    return subprocess.run(
        ["msgunfmt", "--sort-output", mo], capture_output=True, check=True, text=True
    ).stdout


def test_every_language_has_every_catalog() -> None:
    folders = {name.parts[: name.parts.index("locale") + 1] for name in catalogs(PROJECT_FOLDER)}
    assert sorted(folders) == [("locale",), ("themis", "locale"), ("tracker", "locale")]
    assert len(catalogs(PROJECT_FOLDER)) == len(folders) * len(LANGUAGES)


@every_catalog
def test_every_message_is_translated(name: Path) -> None:
    check = subprocess.run(
        ["msgfmt", "--check-format", "--statistics", "--output-file=/dev/null", name],
        cwd=PROJECT_FOLDER,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr
    assert re.fullmatch(r"\d+ translated messages?\.\n", check.stderr), check.stderr


@every_catalog
def test_catalog_has_the_date_of_all_others(name: Path) -> None:
    assert CREATED in (PROJECT_FOLDER / name).read_text(encoding="utf-8"), HINT


def test_makemessages_changes_nothing(project: Path, copy: Path) -> None:
    """So only an owner's own changes show up. It finds every message, too."""
    make_messages(copy)
    assert catalogs(copy) == catalogs(project)
    for name in catalogs(project):
        assert (copy / name).read_text("utf-8") == (project / name).read_text("utf-8"), HINT


def test_compilemessages_changes_nothing(project: Path, copy: Path) -> None:
    compile_messages(copy)
    for name in catalogs(project):
        compiled = name.with_suffix(".mo")
        assert content(copy / compiled) == content(project / compiled), HINT


def test_a_change_of_an_owner_leaves_the_catalogs_of_themis(copy: Path) -> None:
    change, compile_all, _another_language = commands(copy)
    before = {path: path.read_bytes() for path in (copy / "themis/locale").rglob("*.*o")}
    assert len(before) == 2 * len(LANGUAGES)
    for folder in ("themis", "tracker", "accounts"):
        (copy / folder / "new.py").write_text(f'_("In {folder}")\n')

    run(copy, change)
    run(copy, compile_all)

    assert before == {path: path.read_bytes() for path in before}
    assert "In tracker" in (copy / "tracker/locale/de/LC_MESSAGES/django.po").read_text()
    assert "In accounts" in (copy / "locale/de/LC_MESSAGES/django.po").read_text()


@pytest.mark.heavy
def test_another_language(copy: Path) -> None:
    _change, compile_all, another_language = commands(copy)
    before = {name: (copy / name).read_bytes() for name in catalogs(copy)}
    run(copy, another_language)
    assert sorted(set(catalogs(copy)) - set(before)) == [
        Path("locale/es/LC_MESSAGES/django.po"),
        Path("tracker/locale/es/LC_MESSAGES/django.po"),
    ]
    assert before == {name: (copy / name).read_bytes() for name in before}
    spanish = copy / "locale/es/LC_MESSAGES/django.po"
    text, message = spanish.read_text("utf-8"), 'msgid "Notifications"\nmsgstr "'
    assert text.count(message) == 1  # it is one of Themis' texts
    spanish.write_text(text.replace(message, f"{message}Avisos"), "utf-8")
    settings, last = copy / "config/settings.py", '("fr", _("French"))'
    text = settings.read_text("utf-8").replace(last, f'{last}, ("es", _("Spanish"))')
    settings.write_text(text, "utf-8")

    run(copy, compile_all)

    show = (
        "import django; django.setup(); from django.utils import translation; "
        "translation.activate('es'); print(translation.gettext('Notifications'))"
    )
    shown = run(copy, f"python -c {shlex.quote(show)}", DJANGO_SETTINGS_MODULE="config.settings")
    assert shown == "Avisos\n"
    run(copy, "pytest -q -p no:cacheprovider tests/config/test_translations.py")
