"""What is in the image, and how compose runs it, according to their files."""

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.problems import report

ROOT = Path(settings.BASE_DIR)
COMPOSE = ROOT / "compose.yaml"


pytestmark = pytest.mark.skipif(
    not (ROOT / "Dockerfile").exists(), reason="The project has no Dockerfile."
)


def ignored(path: str) -> bool:
    """Return whether .dockerignore excludes the path, or a folder above it."""
    file = ROOT / ".dockerignore"
    folder, *below = path.split("/")
    return any(
        fnmatch.fnmatch(name, line.removeprefix("**/").strip("/"))
        for line in (file.read_text("utf-8") if file.exists() else "").splitlines()
        if line and not line.startswith("#")
        for name in [folder, *(below if line.startswith("**/") else [])]
    )


@pytest.mark.parametrize(
    "path",
    [
        *(".env", ".git/config", ".venv/bin/python", ".github/workflows/ci.yml"),
        *("db.sqlite3", "db.sqlite3-wal"),
        # Secrets of the local overlay
        *(["deploy/k8s"] if (ROOT / "deploy").exists() else []),
        *("frontend/node_modules", "themis/__pycache__", "themis/.pytest_cache"),
        *("tests/conftest.py", "themis/tests/settings.py"),
    ],
)
def test_file_is_not_in_the_image(path: str) -> None:
    if not ignored(path):
        report([f"The image would hold {path}: add a line for it to .dockerignore."])


def test_file_is_in_the_image() -> None:
    apps = [path.parent.name for path in ROOT.glob("*/apps.py")]
    report(
        f"The image would lack {path}: remove the line from .dockerignore."
        for path in ["manage.py", "uv.lock", "gunicorn.conf.py", "config", *apps]
        if ignored(path)
    )


def services() -> dict[str, Any]:
    """Return the services of compose.yaml, if there is one."""
    text = COMPOSE.read_text("utf-8") if COMPOSE.exists() else "{}"
    return dict(yaml.safe_load(text).get("services", {}))


def extended(service: dict[str, Any]) -> dict[str, Any]:
    """Return a service, including what it extends."""
    match service.get("extends"):
        case str(name) | {"service": name}:
            return {**extended(services()[name]), **service}
        case _:
            return service


def is_built(service: dict[str, Any]) -> bool:
    match extended(service).get("build"):
        case "." | "./" | {"context": "." | "./"}:
            return True
        case _:
            return False


def images() -> dict[str, list[str]]:
    """Return the images that are built here, with the services that build each."""
    built: dict[str, list[str]] = {}
    for name, service in services().items():
        if is_built(service):
            built.setdefault(extended(service).get("image", name), []).append(name)
    return built


def runs_the_image(service: dict[str, Any]) -> bool:
    return is_built(service) or extended(service).get("image") in images()


def test_compose_builds_an_image_once() -> None:
    """Several builds of one tag at the same time fail. `extends` repeats `build`."""
    report(
        f"{' and '.join(names)} in compose.yaml all build {image}: leave `build` to "
        "one of them, and give the others `image` and `pull_policy: never`."
        for image, names in images().items()
        if len(names) > 1
    )


def test_compose_never_pulls_its_own_image() -> None:
    report(
        f"Add `pull_policy: never` to the service {name} in compose.yaml, which runs "
        "an image that is built here."
        for name, service in services().items()
        if runs_the_image(service)
        and not is_built(service)
        and extended(service).get("pull_policy") not in ("never", "build")
    )


def test_compose_gives_the_application_no_rights() -> None:
    report(
        f"Add `{key}: {value}` to the service {name} in compose.yaml."
        for name, service in services().items()
        if runs_the_image(service)
        for key, value in [("read_only", "true"), ("cap_drop", "[ALL]")]
        if extended(service).get(key) != yaml.safe_load(value)
    )


def published(service: dict[str, Any]) -> Iterator[str]:
    """Yield the ports that a service opens on this machine."""
    for port in service.get("ports", []):
        if isinstance(port, dict):
            address = port.get("host_ip", "")
            yield f"{address}:{port.get('published', '')}:{port['target']}"
        else:
            yield str(port)


def test_compose_listens_on_loopback_only() -> None:
    """Docker also opens the port in the firewall."""
    report(
        f"The port {port} of {name} in compose.yaml is open to your network: write "
        f"127.0.0.1:{port.lstrip(':')}."
        for name, service in services().items()
        for port in published(service)
        if not port.startswith(("127.0.0.1:", "[::1]:", "${"))
    )
