"""docs/notifications.md shows the code as it is."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from tracker import triggers
from tracker.models import Project

DOCUMENT = Path(settings.BASE_DIR, "docs", "notifications.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
CALLS = [block for block in BLOCKS if block.startswith("from themis")]
EXCERPTS = [block for block in BLOCKS if block not in CALLS]


def sources() -> str:
    folders = [Path(settings.BASE_DIR, name) for name in ("tracker", "tests/tracker")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_document_has_code() -> None:
    assert len(CALLS) == 2
    assert len(EXCERPTS) > 5


@pytest.mark.parametrize("block", EXCERPTS)
def test_excerpt_is_in_the_code(block: str) -> None:
    assert block in sources()


@pytest.mark.parametrize("block", CALLS)
def test_call_runs(
    project: Project, owner: Any, member: Any, block: str, tmp_path: Path
) -> None:
    script = tmp_path / "call.py"
    script.write_text(block, "utf-8")
    runpy.run_path(str(script), {"user": member, "project": project, "by": owner})

    assert member.notifications.count() == 1


def test_commands_exist() -> None:
    commands = re.findall(r"^\$ python manage.py (\w+)(.*)$", DOCUMENT, re.MULTILINE)
    assert len(commands) == 5
    for name, options in commands:
        command = load_command_class(str(get_commands()[name]), name)
        command.create_parser("manage.py", name).parse_args(options.split())


def test_functions_exist() -> None:
    named = re.findall(r"`((?:task|report|request|check|team|comment)_\w+)`", DOCUMENT)

    assert len(named) > 5
    assert all(hasattr(triggers, name) for name in named)
