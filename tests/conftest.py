"""Projects that tests share: each is generated and installed once per test run."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.commands import make
from tests.generate import generate

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


def newest_python() -> Path | None:
    """Return a Python for Django 6.1: 3.12 or newer, from PATH or pyenv."""
    names = ("python3.14", "python3.13", "python3.12", "python3")
    found = [path for name in names if (path := shutil.which(name))]
    found += sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"), reverse=True)
    for path in map(Path, found):
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if (match := re.match(r"Python 3\.(\d+)", version.stdout)) and int(match[1]) >= 12:
            return path
    return None


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder shared by all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def installed(folder: Path, django_version: str, **environment: str) -> Path:
    """Return the project that tests share, generated and installed by the first one."""
    output = folder / f"django {django_version}"  # with a space, since some people have one
    with FileLock(folder / f"{django_version}.lock"):
        if not output.exists():
            project = generate(output, django_version=django_version)
            make(project, "install", **environment)
    return output / "team-tracker"


@pytest.fixture(scope="session")
def project(shared_folder: Path) -> Path:
    """A project with the default answers, installed."""
    return installed(shared_folder, "5.2")


@pytest.fixture(scope="session")
def project_61(shared_folder: Path) -> Path:
    """The same on Django 6.1."""
    if (python := newest_python()) is None:
        # A test run cannot install it. .ci/run reports this too.
        pytest.skip("Django 6.1 needs Python 3.12 or newer, and this machine has none.")
    return installed(shared_folder, "6.1", UV_PYTHON=str(python))


@pytest.fixture(params=["5.2", "6.1"])
def either_project(request: pytest.FixtureRequest) -> Path:
    """The project on each Django version."""
    return request.getfixturevalue("project" if request.param == "5.2" else "project_61")


@pytest.fixture(params=["5.2", "6.1"])
def django_version(request: pytest.FixtureRequest) -> str:
    return request.param
