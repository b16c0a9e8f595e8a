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
    pytest.skip("kubectl is missing: the manifests cannot be rendered.")


@pytest.fixture(scope="session", params=overlays())
def manifests(
    request: pytest.FixtureRequest,
    kubectl: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Manifests:
    """What `kubectl kustomize` makes of an overlay. The test runs for each of them."""
    folder = tmp_path_factory.mktemp("deploy") / "k8s"
    shutil.copytree(ROOT / "deploy/k8s", folder)
    # git has examples of the files with secrets, not the files.
    for example in folder.rglob("*.example"):
        shutil.copy(example, example.with_suffix(""))
    overlay = Path("overlays", request.param)
    run = subprocess.run(
        [kubectl, "kustomize", folder / overlay],
        capture_output=True,
        check=False,
        text=True,
    )
    if run.returncode:
        pytest.fail(
            f"`kubectl kustomize deploy/k8s/{overlay}` fails: {run.stderr}",
            pytrace=False,
        )
    objects = [one for one in yaml.safe_load_all(run.stdout) if one]
    return Manifests(request.param, objects)
