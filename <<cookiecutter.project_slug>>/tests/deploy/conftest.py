import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.manifests import ROOT, Manifests, overlays


@pytest.fixture(scope="session")
def kubectl() -> str:
    if found := shutil.which("kubectl"):
        return found
    if os.environ.get("CI_STRICT"):
        pytest.fail("kubectl is missing.")
    pytest.skip("kubectl is not installed: the manifests cannot be rendered.")


@pytest.fixture(scope="session", params=overlays())
def kustomization(
    request: pytest.FixtureRequest,
    kubectl: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> subprocess.CompletedProcess[str]:
    """A run of `kubectl kustomize` on an overlay."""
    folder = tmp_path_factory.mktemp("deploy") / "k8s"
    shutil.copytree(ROOT / "deploy/k8s", folder)
    # git has examples of the secret files, not the files themselves.
    for example in folder.rglob("*.example"):
        shutil.copy(example, example.with_suffix(""))
    return subprocess.run(
        [kubectl, "kustomize", Path("overlays", request.param)],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture(scope="session")
def manifests(kustomization: subprocess.CompletedProcess[str]) -> Manifests:
    """The objects of an overlay. The test runs once for each overlay."""
    if kustomization.returncode:
        pytest.skip("The overlay does not render: another test says why.")
    objects = [one for one in yaml.safe_load_all(kustomization.stdout) if one]
    overlay = Path(kustomization.args[-1]).relative_to("overlays")
    return Manifests(overlay.as_posix(), objects)
