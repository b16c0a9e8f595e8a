"""The shipped catalogs are complete, compiled, and as the documented commands write them."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.generate import PROJECT_FOLDER
from tests.heavy.processes import missing

LANGUAGES = ["de", "fr"]
OURS = "--ignore 'themis/?*'"
# An update that changed this line would conflict with that of everybody who has run
# makemessages. It stays as it is: put it back after you have run makemessages yourself.
CREATED = '"POT-Creation-Date: 2026-11-24 12:00+0000\\n"'


def catalogs(folder: Path) -> list[Path]:
    return sorted(
        path.relative_to(folder)
        for pattern in ("locale", "*/locale")
        for path in folder.glob(f"{pattern}/*/LC_MESSAGES/*.po")
    )


every_catalog = pytest.mark.parametrize("name", catalogs(PROJECT_FOLDER), ids=str)


@pytest.fixture(scope="module", autouse=True)
def gettext() -> None:
    if shutil.which("msgfmt") is None:
        missing("GNU gettext")


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".venv", "db.sqlite3*", ".git")
    return Path(shutil.copytree(project, tmp_path / "project", ignore=ignored))


def commands(project: Path) -> list[str]:
    """What docs/languages.md says: after a change, to compile, for another language."""
    text = (project / "docs/languages.md").read_text(encoding="utf-8")
    found = re.findall(r"^ *(python manage\.py .*)", text, re.MULTILINE)
    assert len(found) == 3
    return found


def run(project: Path, copy: Path, command: str) -> str:
    programs = project / ".venv" / "bin"
    result = subprocess.run(
        shlex.split(command),
        cwd=copy,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def content(mo: Path) -> str:
    """What a compiled catalog holds: versions of gettext pack it differently."""
    return subprocess.run(
        ["msgunfmt", "--sort-output", mo], capture_output=True, check=True, text=True
    ).stdout


def test_every_language_has_every_catalog() -> None:
    folders = {name.parts[: name.parts.index("locale") + 1] for name in catalogs(PROJECT_FOLDER)}
    assert sorted(folders) == [("locale",), ("themis", "locale"), ("tracker", "locale")]
    assert len(catalogs(PROJECT_FOLDER)) == len(folders) * len(LANGUAGES)


@every_catalog
def test_every_message_is_translated(name: Path) -> None:
    po = PROJECT_FOLDER / name
    check = subprocess.run(
        ["msgfmt", "--check", "--statistics", "--output-file=/dev/null", po],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr
    assert re.fullmatch(r"\d+ translated messages?\.\n", check.stderr), check.stderr
    assert CREATED in po.read_text(encoding="utf-8")


def test_makemessages_changes_nothing(project: Path, copy: Path) -> None:
    """So that what an owner changes is all that changes. It finds every message, too."""
    after_a_change = commands(project)[0]
    assert OURS in after_a_change
    run(project, copy, after_a_change.replace(OURS, ""))
    assert catalogs(copy) == catalogs(project)
    for name in catalogs(project):
        assert (copy / name).read_text("utf-8") == (project / name).read_text("utf-8"), name


def test_compilemessages_changes_nothing(project: Path, copy: Path) -> None:
    for name in catalogs(copy):
        (copy / name).with_suffix(".mo").unlink()
    run(project, copy, commands(project)[1].replace("--ignore themis", ""))
    for name in catalogs(project):
        assert content((copy / name).with_suffix(".mo")) == content(
            (project / name).with_suffix(".mo")
        ), name


def test_a_change_of_an_owner_leaves_the_catalogs_of_themis(project: Path, copy: Path) -> None:
    change, compile_all, _ = commands(project)
    before = {path: path.read_bytes() for path in (copy / "themis/locale").rglob("*.*o")}
    assert len(before) == 2 * len(LANGUAGES)
    for module in ("themis/apps.py", "tracker/urls.py", "accounts/apps.py"):
        with (copy / module).open("a", encoding="utf-8") as file:
            file.write(f'\nfrom django.utils.translation import gettext\ngettext("In {module}")\n')
    run(project, copy, change)
    run(project, copy, compile_all)
    assert before == {path: path.read_bytes() for path in before}
    assert "In tracker/urls.py" in (copy / "tracker/locale/de/LC_MESSAGES/django.po").read_text()
    assert "In accounts/apps.py" in (copy / "locale/de/LC_MESSAGES/django.po").read_text()


def test_another_language(project: Path, copy: Path) -> None:
    _, compile_all, make = commands(project)
    before = {name: (copy / name).read_bytes() for name in catalogs(copy)}
    run(project, copy, make)
    assert sorted(set(catalogs(copy)) - set(before)) == [
        Path("locale/es/LC_MESSAGES/django.po"),
        Path("tracker/locale/es/LC_MESSAGES/django.po"),
    ]
    assert before == {name: (copy / name).read_bytes() for name in before}
    spanish = copy / "locale/es/LC_MESSAGES/django.po"
    text = spanish.read_text("utf-8")
    assert "#: themis/" in text
    message = 'msgid "Notifications"\nmsgstr "'
    assert text.count(message) == 1
    spanish.write_text(text.replace(message, f"{message}Avisos"), "utf-8")
    settings = copy / "config/settings.py"
    settings.write_text(
        settings.read_text("utf-8").replace(
            '("fr", _("French"))', '("fr", _("French")), ("es", _("Spanish"))'
        ),
        "utf-8",
    )

    run(project, copy, compile_all)

    shown = (
        "import django; django.setup(); from django.utils import translation as t; "
        "t.activate('es'); print(t.gettext('Notifications'))"
    )
    env = "env DJANGO_SETTINGS_MODULE=config.settings"
    assert run(project, copy, f"{env} python -c {shlex.quote(shown)}") == "Avisos\n"
    run(project, copy, "pytest -q -p no:cacheprovider tests/config/test_translations.py")
