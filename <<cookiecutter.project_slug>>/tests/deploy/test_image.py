"""What is in the image, as far as the files that make it tell."""

import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps the path, or a folder that it is in, out."""
    folder, *below = path.split("/")
    return any(
        fnmatch.fnmatch(name, line.removeprefix("**/"))
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
        for name in [folder, *(below if line.startswith("**/") else [])]
    )


@pytest.mark.parametrize(
    "path",
    [
        *(".env", ".git/config", ".venv/bin/python", ".github/workflows/ci.yml"),
        *("db.sqlite3", "db.sqlite3-wal", "deploy/k8s/overlays/local/secrets.env"),
        *("frontend/node_modules", "themis/__pycache__", "themis/.pytest_cache"),
        *("tests/conftest.py", "themis/tests/settings.py"),
    ],
)
def test_stays_outside(path: str) -> None:
    assert ignored(path)


@pytest.mark.parametrize(
    "path",
    ["manage.py", "uv.lock", "gunicorn.conf.py", "config", "themis/models", "tracker"],
)
def test_is_inside(path: str) -> None:
    assert not ignored(path)


def test_every_app_is_inside() -> None:
    apps = [path.parent.name for path in ROOT.glob("*/apps.py")]
    assert apps
    assert not any(ignored(app) for app in apps)


def test_compose_runs_the_same_user_rights() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["migrate"]["read_only"] is True
    assert services["migrate"]["cap_drop"] == ["ALL"]
    for name in ("web", "worker"):
        assert services[name]["extends"] == {"service": "migrate"}


def test_compose_listens_on_this_machine_only() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
