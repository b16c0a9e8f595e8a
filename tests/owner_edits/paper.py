"""Edits of documents and tools."""

import json
import re
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, replace
from tests.owner_edits.registry import edit

TESTS = ("tests/config/test_translations.py", "tests/config/test_security.py", "tests/deploy")


@edit(*TESTS)
def readme_of_ones_own(project: Path) -> None:
    """Rewrite the README, and delete a document."""
    (project / "README.md").write_text(
        "# Tasks\n\nAsk Ada. Run `make everything` and `manage.py nothing`.\n",
        encoding="utf-8",
    )
    (project / "docs/architecture.md").unlink()


@edit(*TESTS)
def commands_in_documents(project: Path) -> None:
    """Document commands and settings that only this team has."""
    for name in ("notifications.md", "api.md", "formatting.md", "languages.md"):
        append(
            project / "docs" / name,
            "\n## Ours\n\nRun `python manage.py import_orders --all` and `make deploy`, "
            "and set `OUR_SETTING`.\n\n```python\nimport our_module\n```\n",
        )


@edit(*TESTS)
def target_of_make(project: Path) -> None:
    """Add a Makefile target, and open a shell with it."""
    append(
        project / "Makefile",
        "\n.PHONY: shell\nshell: migrate ## Open a shell\n\t@$(MANAGE) shell\n",
    )


# Everything that mypy can require beyond `strict`.
STRICTER = """\
warn_unreachable = true
strict_equality_for_none = true
disallow_any_decorated = true
disallow_any_explicit = true
disallow_any_expr = true
disallow_any_unimported = true
"""
OPTIONAL = [
    *("deprecated", "exhaustive-match", "explicit-override", "ignore-without-code"),
    *("mutable-override", "possibly-undefined", "redundant-expr", "redundant-self"),
    *("truthy-bool", "truthy-iterable", "unimported-reveal", "unused-awaitable"),
]


@edit(*TESTS, together=False)
def stricter_rules(project: Path) -> None:
    """Change the formatting, and require docstrings and types beyond `strict`."""
    settings = project / "pyproject.toml"
    replace(settings, "line-length = 88", "line-length = 110")
    replace(settings, '"UP", "W"]', '"UP", "W", "D", "ANN"]')
    replace(
        settings,
        "\nstrict = true\n",
        f"\nstrict = true\n{STRICTER}enable_error_code = {json.dumps(OPTIONAL)}\n",
    )
    before = contents(project / "themis")
    run(project, "ruff format .")
    run(project, "ruff check themis")
    # It follows imports into the example, which would have to be as strict.
    printed = run(project, "sh -c 'mypy themis || true'")
    assert re.findall("^themis/.*: error: .*", printed, re.MULTILINE) == []
    assert ": error: " in printed
    assert contents(project / "themis") == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*.py")}


@edit(*TESTS)
def tools(project: Path) -> None:
    """Choose more ruff rules, another marker, and another workflow."""
    replace(project / "pyproject.toml", '"UP", "W"]', '"UP", "W", "YTT"]')
    replace(
        project / "pyproject.toml",
        '    "browser: needs Chromium",\n',
        '    "browser: needs Chromium",\n    "nightly: runs at night",\n',
    )
    (project / ".github/workflows/ci.yml").unlink()
    append(project / ".gitlab-ci.yml", "\nrelease:\n  script: make release\n")
    append(project / ".gitignore", "/notes/\n")
