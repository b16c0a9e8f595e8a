"""The style sheet contains the classes that your templates use."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.browser.needs import missing

MODULES = Path(settings.BASE_DIR) / "frontend/node_modules"
STYLE_SHEET = Path("themis/themis.css")


@pytest.fixture
def built(tmp_path):
    """The style sheet that `make css` would write."""
    npm = shutil.which("npm")
    if npm is None:
        missing("npm is not on PATH.")
    if not MODULES.exists():
        missing("frontend/node_modules is empty: `make test-browser` fills it.")
    copy = tmp_path / "project"
    ignore = shutil.ignore_patterns(".*", "node_modules", "media", "staticfiles")
    shutil.copytree(settings.BASE_DIR, copy, ignore=ignore)
    (copy / "frontend/node_modules").symlink_to(MODULES)
    subprocess.run([npm, "run", "css"], cwd=copy / "frontend", check=True)
    return copy / "static" / STYLE_SHEET


def classes(style_sheet):
    return set(re.findall(r"\.((?!\d)(?:[\w-]|\\.)+)", style_sheet.read_text()))


def test_style_sheet_has_every_class_in_templates(built):
    served = Path(finders.find(STYLE_SHEET.as_posix()))
    assert classes(built) - classes(served) == set(), "Run `make css`."
