"""Overlays with components that generated ones do not have."""

import itertools
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

OVERLAYS = ["local", "production"]
# An overlay has one or the other of these.
INSTEAD_OF = {"gateway": "ingress", "cloudnative-pg": "postgres"}
# Components that no generated overlay has: "valkey" and "postgres" are in one of the two.
MORE = [
    *("cloudnative-pg", "external-secrets", "gateway", "keda", "monitoring", "priority"),
    *("user-namespaces", "postgres", "valkey"),
]
ALL = tuple(name for name in MORE if name not in INSTEAD_OF.values())
COMBINATIONS = [
    (overlay, names) for overlay in OVERLAYS for names in [*((one,) for one in MORE), ALL]
]
# Too many for `make test`.
PAIRS = [
    ("production", pair)
    for pair in itertools.combinations(MORE, 2)
    if not any(INSTEAD_OF.get(name) in pair for name in pair)
]


def render(project: Path, overlay: str, components: tuple[str, ...], folder: Path) -> list[Any]:
    """Return the objects of an overlay with these additional components."""
    shutil.copytree(project / "deploy/k8s", folder / "k8s")
    for example in folder.rglob("*.example"):
        shutil.copy(example, example.with_suffix(""))
    file = folder / "k8s/overlays" / overlay / "kustomization.yaml"
    kustomization = yaml.safe_load(file.read_text(encoding="utf-8"))
    replaced = {INSTEAD_OF.get(name) for name in components}
    paths = [f"../../components/{name}" for name in components]
    kept = [
        path
        for path in kustomization["components"]
        if path.rpartition("/")[2] not in replaced and path not in paths
    ]
    kustomization["components"] = kept + paths
    # KEDA scales the worker, so its number of replicas cannot be patched.
    if "keda" in components:
        kustomization["patches"] = [
            one for one in kustomization["patches"] if one["target"].get("name") != "worker"
        ]
    # It comes from an external store instead.
    if "external-secrets" in components:
        kustomization.pop("secretGenerator", None)
    file.write_text(yaml.safe_dump(kustomization))
    run = subprocess.run(
        ["kubectl", "kustomize", file.parent], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return [one for one in yaml.safe_load_all(run.stdout) if one]


def assert_consistent(objects: list[Any]) -> None:
    """Fail if two objects have the same name, or one belongs elsewhere."""
    found = [(one["kind"], one["metadata"]["name"]) for one in objects]
    assert len(set(found)) == len(found)
    for one in objects:
        metadata = one["metadata"]
        assert metadata["labels"]["app.kubernetes.io/part-of"] == "team-tracker"
        if one["kind"] not in ("Namespace", "PriorityClass"):
            assert metadata["namespace"] == "team-tracker"
