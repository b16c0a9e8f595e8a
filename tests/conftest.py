"""Projects that tests share: each is generated and installed once per test run."""

import functools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.commands import make
from tests.generate import generate

MINORS = range(11, 15)  # versions of Python 3
# These need all cores, fixed ports, or folders that another user may enter.
ALONE = {"test_first_run.py", "test_make.py", "test_pgbouncer.py", "test_zones.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "heavy" and not item.get_closest_marker("edits"):
            item.add_marker("heavy")
        if item.path.name in ALONE:
            item.add_marker("alone")
    # The longest setup comes first, while the other process runs tests that don't need it.
    items.sort(key=lambda item: item.name != "test_guide_to_a_first_trigger")


@functools.cache
def pythons() -> dict[int, Path]:
    """Return the Python interpreters of this machine that projects run on, from PATH or pyenv,
    by their minor version: those in .github/workflows/ci.yml."""
    names = ("python3", *(f"python3.{minor}" for minor in MINORS))
    candidates = [path for name in names if (path := shutil.which(name))]
    candidates += Path.home().glob(".pyenv/versions/3.*/bin/python3")
    found: dict[int, Path] = {}
    for path in map(Path, candidates):
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        match = re.match(r"Python 3\.(\d+)", version.stdout)  # a shim may have none behind it
        if match and int(match[1]) in MINORS:
            found.setdefault(int(match[1]), path)
    return dict(sorted(found.items()))


def pythons_for_django_61() -> list[int]:
    """Return the minor versions of this machine's interpreters that it runs on."""
    if not (found := [minor for minor in pythons() if minor >= 12]):
        # A test run cannot install it. .ci/run reports this too.
        pytest.skip("Django 6.1 needs Python 3.12 or newer, and this machine has none.")
    return found


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder shared by all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def installed(folder: Path, django_version: str, python: int | None = None) -> Path:
    """Return the project that tests share, generated and installed by the first one."""
    # With a space, since some people have one.
    output = folder / f"django {django_version}{f' on 3.{python}' if python else ''}"
    with FileLock(f"{output}.lock"):
        if not output.exists():
            project = generate(output, django_version=django_version)
            environment = {"UV_PYTHON": str(pythons()[python])} if python else {}
            make(project, "install", **environment)
    return output / "team-tracker"


@pytest.fixture(scope="session")
def project(shared_folder: Path) -> Path:
    """A project with the default answers, installed."""
    return installed(shared_folder, "5.2")


@pytest.fixture(scope="session")
def project_61(shared_folder: Path) -> Path:
    """The same on Django 6.1 and the newest Python."""
    return installed(shared_folder, "6.1", pythons_for_django_61()[-1])


@pytest.fixture(params=["5.2", "6.1"])
def either_project(request: pytest.FixtureRequest) -> Path:
    """The project on each Django version."""
    return request.getfixturevalue("project" if request.param == "5.2" else "project_61")


@pytest.fixture(params=["5.2", "6.1"])
def django_version(request: pytest.FixtureRequest) -> str:
    return request.param
