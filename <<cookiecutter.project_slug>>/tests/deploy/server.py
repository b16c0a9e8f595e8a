"""Read how gunicorn is started: its options, variables and configuration."""

import os
import re
import runpy
from unittest import mock

from tests.deploy.manifests import ROOT, Container, Manifests, dockerfile


def bind(manifests: Manifests, container: Container) -> str | None:
    """Return the address that gunicorn listens on, if the manifests set it."""
    in_image = re.search(r"\bGUNICORN_BIND=(\S+)", dockerfile())
    return (
        container.option("--bind", "-b")
        or manifests.environment(container).get("GUNICORN_BIND")
        or (in_image[1] if in_image else None)
    )


def metrics_port(manifests: Manifests, container: Container) -> int | None:
    """Return the port on which gunicorn serves metrics, if it does."""
    port = manifests.environment(container).get("METRICS_PORT")
    return int(port) if port else None


def graceful_timeout(manifests: Manifests, container: Container) -> float:
    """Return the seconds that requests have to finish after SIGTERM."""
    if option := container.option("--graceful-timeout"):
        return float(option)
    return float(configuration(manifests, container).get("graceful_timeout", 30))


def keepalive(manifests: Manifests, container: Container) -> float:
    """Return the seconds that an idle connection stays open."""
    if option := container.option("--keep-alive"):
        return float(option)
    return float(configuration(manifests, container).get("keepalive", 2))


def configuration(manifests: Manifests, container: Container) -> dict[str, object]:
    """Return what gunicorn.conf.py sets in a container."""
    file = ROOT / "gunicorn.conf.py"
    if not file.exists():
        return {}
    known = {
        name: value
        for name, value in manifests.environment(container).values.items()
        if value is not None and name.startswith(("GUNICORN_", "WEB_CONCURRENCY"))
    }
    with mock.patch.dict(os.environ, known):
        return runpy.run_path(str(file))


def stop_delay(container: Container) -> float:
    """Return the seconds between the deletion of a pod and SIGTERM."""
    hook = container.spec.get("lifecycle", {}).get("preStop", {})
    command = " ".join(hook.get("exec", {}).get("command", []))
    slept = re.search(r"\bsleep (\d+)", command)
    return float(slept[1] if slept else hook.get("sleep", {}).get("seconds", 0))
