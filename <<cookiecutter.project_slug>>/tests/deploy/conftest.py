import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OVERLAYS = ["local", "production"]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What `kubectl kustomize` makes of every overlay."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        if os.environ.get("CI_STRICT"):
            pytest.fail("kubectl is missing.")
        pytest.skip("kubectl is missing: the manifests cannot be rendered.")
    folder = tmp_path_factory.mktemp("deploy") / "k8s"
    shutil.copytree(ROOT / "deploy" / "k8s", folder)
    local = folder / "overlays" / "local"
    shutil.copy(local / "secrets.env.example", local / "secrets.env")
    objects = {}
    for overlay in OVERLAYS:
        answer = subprocess.run(
            [kubectl, "kustomize", folder / "overlays" / overlay],
            capture_output=True,
            check=True,
            text=True,
        )
        objects[overlay] = list(yaml.safe_load_all(answer.stdout))
    return objects


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest, rendered: dict[str, list[Any]]) -> Any:
    """The objects of an overlay. The test runs for each of them."""
    return rendered[request.param]
