"""Update the template's catalogs with makemessages: `make catalogs`.

A project's owner runs makemessages too. If that moved messages which the template wrote by
hand, the owner's next update would conflict.
"""

import re
import shutil
import sys
from pathlib import Path

from tests.documents import run
from tests.generate import PROJECT_FOLDER

# Keeps an owner's makemessages out of Themis' catalogs.
IGNORE_THEMIS = " --ignore 'themis/?*'"
# If an update changed this line, it would conflict for everybody who ran makemessages.
CREATED = '"POT-Creation-Date: 2026-11-24 12:00+0000\\n"'


def catalogs(project: Path) -> list[Path]:
    """Return the .po files of a project, relative to its folder."""
    return sorted(
        path.relative_to(project)
        for pattern in ("locale", "*/locale")
        for path in project.glob(f"{pattern}/*/LC_MESSAGES/*.po")
    )


def commands(project: Path) -> list[str]:
    """Return the commands in docs/languages.md: to update, to compile, to add a language."""
    text = (project / "docs/languages.md").read_text(encoding="utf-8")
    return re.findall(r"^ *(python manage\.py .*)", text, re.MULTILINE)


def make_messages(project: Path) -> None:
    """Update all catalogs of a project, including Themis'."""
    after_a_change = commands(project)[0]
    assert IGNORE_THEMIS in after_a_change
    run(project, after_a_change.replace(IGNORE_THEMIS, ""))


def compile_messages(project: Path) -> None:
    """Compile all catalogs of a project, including Themis'."""
    for name in catalogs(project):
        (project / name).with_suffix(".mo").unlink(missing_ok=True)
    run(project, commands(project)[1].replace(" --ignore themis", ""))


if __name__ == "__main__":
    demo = Path(sys.argv[1])
    make_messages(demo)
    for name in catalogs(demo):
        text = (demo / name).read_text(encoding="utf-8")
        text = re.sub('"POT-Creation-Date:.*"', lambda _: CREATED, text)
        (demo / name).write_text(text, encoding="utf-8")
    compile_messages(demo)
    for name in catalogs(demo):
        for file in (name, name.with_suffix(".mo")):
            shutil.copy(demo / file, PROJECT_FOLDER / file)
