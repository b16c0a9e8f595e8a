"""Without `make`, the two lines in a project's README install it with pip."""

import re
from pathlib import Path

from tests.documents import blocks, run
from tests.generate import generate

LINES = ["python3 -m venv --upgrade-deps .venv", ".venv/bin/pip install --group dev ."]


def test_pip_installs_a_project(tmp_path: Path) -> None:
    project = generate(tmp_path)
    assert "\n".join(LINES) + "\n" in [block.text for block in blocks(project / "README.md", "sh")]
    run(project, "git init --quiet")
    run(project, "git add --all")

    for line in LINES:
        run(project, line)

    run(project, ".venv/bin/python manage.py check")
    installed = run(project, ".venv/bin/pip list")
    assert re.search(r"^mypy ", installed, re.M)
    assert run(project, "git ls-files --others --exclude-standard") == ""
