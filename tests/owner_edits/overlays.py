"""Edits of the overlays: where the application runs, and which image."""

import shutil
from pathlib import Path

import yaml

from tests.owner_edits.editing import one_object
from tests.owner_edits.manifests import (
    LOCAL,
    OVERLAYS,
    PRODUCTION,
    TESTS,
)
from tests.owner_edits.registry import edit


@edit(TESTS)
def staging(project: Path) -> None:
    """Add an overlay for staging: another namespace and host, and a tag."""
    shutil.copytree(project / PRODUCTION.parent, project / OVERLAYS / "staging")
    host = "staging.acme.dev"
    with one_object(project / OVERLAYS / "staging/kustomization.yaml") as kustomization:
        kustomization["namespace"] = "tasks-staging"
        [image] = kustomization["images"]
        kustomization["images"] = [
            {"name": image["name"], "newName": image["newName"], "newTag": "main"}
        ]
        kustomization["configMapGenerator"] = [
            {"name": "settings", "behavior": "merge", "literals": [f"ALLOWED_HOSTS={host}"]}
        ]
        service = {"name": "web", "port": {"name": "http"}}
        path = {"path": "/", "pathType": "Prefix", "backend": {"service": service}}
        rule = {"host": host, "http": {"paths": [path]}}
        rules = [
            {"op": "replace", "path": "/spec/tls/0/hosts", "value": [host]},
            {"op": "replace", "path": "/spec/rules", "value": [rule]},
        ]
        target = {"kind": "Ingress", "name": "web"}
        kustomization["patches"].append({"target": target, "patch": yaml.safe_dump(rules)})


@edit(TESTS)
def another_namespace(project: Path) -> None:
    """Deploy to a namespace that others created."""
    for file in (project / OVERLAYS).glob("*/kustomization.yaml"):
        with one_object(file) as kustomization:
            kustomization["namespace"] = "acme-tasks"
            kustomization["components"].remove("../../components/namespace")


@edit(TESTS)
def another_image(project: Path) -> None:
    """Pull the image from another registry, under another name."""
    for file in (project / OVERLAYS).glob("*/kustomization.yaml"):
        with one_object(file) as kustomization:
            kustomization["images"][0]["newName"] = "harbor.acme.dev:8443/apps/tasks"


@edit(TESTS, says="under `images`, write `digest: sha256:…` instead of `newTag`.")
def tag_in_production(project: Path) -> None:
    """Refer to the image by a tag."""
    with one_object(project / PRODUCTION) as kustomization:
        del kustomization["images"][0]["digest"]
        kustomization["images"][0]["newTag"] = "1.4.0"


@edit(TESTS)
def no_local_overlay(project: Path) -> None:
    """Delete the overlay for the owner's machine."""
    shutil.rmtree(project / LOCAL.parent)
