"""What a file says about its own objects takes effect."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import yaml

from tests.deploy.files import documents
from tests.deploy.manifests import ROOT, Manifests
from tests.problems import report

COMMON = "deploy/k8s/components/app"


def test_shared_variables_override_no_file(manifests: Manifests) -> None:
    report(
        f"{file} sets {path[-1]} of {one['kind']}/{one['metadata']['name']} to "
        f"{value}, which {COMMON} overrides: add `- path: {PurePath(file).name}` under "
        f"`patches` in {PurePath(file).parent}/kustomization.yaml."
        for file, one in documents()
        if one.get("kind") in ("Deployment", "Job", "CronJob")
        and not file.startswith((COMMON, "deploy/k8s/overlays"))
        and (runs := manifests.of_kind(one["kind"]).get(one["metadata"]["name"]))
        for path, value in values(one["spec"]).items()
        if (common := common_values(one["kind"]).get(path, value)) != value
        and values(runs["spec"]).get(path) == common
    )


def common_values(kind: str) -> dict[tuple[str, ...], Any]:
    file = ROOT / COMMON / ("cronjob.yaml" if kind == "CronJob" else "pod.yaml")
    text = file.read_text("utf-8") if file.exists() else "spec: {}"
    return values(yaml.safe_load(text)["spec"])


def values(spec: Any) -> dict[tuple[str, ...], Any]:
    """Return every value in a specification by its path."""
    return dict(_values(spec, ()))


def _values(part: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _values(value, (*path, name))
    elif isinstance(part, list) and all(isinstance(one, dict) for one in part):
        for one in part:
            yield from _values(one, (*path, str(one.get("name"))))
    else:
        yield path, part
