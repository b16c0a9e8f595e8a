"""What is committed under themis/static/ is what `make css` builds."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.browser.needs import missing

MODULES = Path(settings.BASE_DIR) / "frontend/node_modules"
BUILT = Path("themis/static/themis")
NAMES = ["themis.css", "themis.js", "calendar.js", "cally.js"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    npm = shutil.which("npm")
    if npm is None:
        missing("There is no npm on PATH.")
    if not MODULES.exists():
        missing("frontend/node_modules is empty: `make test-browser` fills it.")
    copy = tmp_path_factory.mktemp("build") / "project"
    ignore = shutil.ignore_patterns(".*", "node_modules", "media", "staticfiles")
    shutil.copytree(settings.BASE_DIR, copy, ignore=ignore)
    (copy / "frontend/node_modules").symlink_to(MODULES)
    for name in NAMES:
        (copy / BUILT / name).unlink()
    subprocess.run([npm, "run", "build"], cwd=copy / "frontend", check=True)
    return copy / BUILT


@pytest.mark.parametrize("name", NAMES)
def test_is_up_to_date(built, name):
    committed = Path(settings.BASE_DIR) / BUILT / name
    assert (built / name).read_bytes() == committed.read_bytes(), "Run `make css`."
