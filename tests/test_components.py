"""Components that no generated overlay has fit each overlay, alone and all together."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.combinations import (
    ALL,
    COMBINATIONS,
    MORE,
    OVERLAYS,
    assert_consistent,
    render,
)
from tests.generate import PROJECT_FOLDER, generate
from tests.heavy.processes import missing

APP = {"Deployment", "Job", "CronJob"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is not installed."""
    if shutil.which("kubectl") is None:
        missing("kubectl")
    return generate(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def together(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return render(folder, "production", ALL, tmp_path_factory.mktemp("together"))


def named(objects: list[Any], kind: str, name: str) -> Any:
    [one] = [one for one in objects if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return one


def pods(objects: list[Any]) -> Iterator[Any]:
    for one in objects:
        if one["kind"] in APP:
            spec = one["spec"].get("jobTemplate", one)["spec"]
            yield spec["template"]["spec"]


def test_every_component_is_tried() -> None:
    taken = {
        path.rpartition("/")[2]
        for overlay in OVERLAYS
        for path in yaml.safe_load(
            (PROJECT_FOLDER / f"deploy/k8s/overlays/{overlay}/kustomization.yaml").read_text(
                "utf-8"
            )
        )["components"]
    }
    there = {path.name for path in PROJECT_FOLDER.glob("deploy/k8s/components/*")}
    assert there == taken | set(MORE) | {"app"}  # which is in the base


@pytest.mark.parametrize(("overlay", "components"), COMBINATIONS)
def test_combination(
    folder: Path, tmp_path: Path, overlay: str, components: tuple[str, ...]
) -> None:
    assert_consistent(render(folder, overlay, components, tmp_path))


def test_external_store_creates_the_mounted_secret(together: list[Any]) -> None:
    made = named(together, "ExternalSecret", "credentials")["spec"]["target"]["name"]
    mounted = {
        volume["secret"]["secretName"]
        for pod in pods(together)
        for volume in pod["volumes"]
        if "secret" in volume
    }
    assert mounted == {made}


def test_only_the_scaler_sets_worker_replicas(together: list[Any]) -> None:
    scaler = named(together, "ScaledObject", "worker")["spec"]
    worker = named(together, "Deployment", scaler["scaleTargetRef"]["name"])
    assert "replicas" not in worker["spec"]
    [trigger] = scaler["triggers"]
    assert 'celery_queue_length{namespace="team-tracker"}' in trigger["metadata"]["query"]
    defaults = (PROJECT_FOLDER / "config/celery.py").read_text(encoding="utf-8")
    assert '"worker_prefetch_multiplier": 1' in defaults
    assert '"worker_disable_prefetch": True' in defaults
    assert '"task_acks_late": True' in defaults


def test_database_has_backups(together: list[Any]) -> None:
    cluster = named(together, "Cluster", "postgres")["spec"]
    [plugin] = cluster["plugins"]
    assert plugin["isWALArchiver"] is True
    named(together, "ObjectStore", plugin["parameters"]["barmanObjectName"])
    backup = named(together, "ScheduledBackup", "daily")["spec"]
    assert backup["cluster"]["name"] == "postgres"
    assert backup["pluginConfiguration"]["name"] == plugin["name"]
    assert len(backup["schedule"].split()) == 6  # with seconds


def test_database_is_reached_by_the_application(together: list[Any]) -> None:
    """The operator labels its pods with the cluster's name."""
    of_instances = {"cnpg.io/cluster": "postgres"}
    into = named(together, "NetworkPolicy", "postgres")["spec"]
    out = named(together, "NetworkPolicy", "app-to-postgres")["spec"]
    assert into["podSelector"]["matchLabels"] == of_instances
    assert out["egress"][0]["to"] == [{"podSelector": {"matchLabels": of_instances}}]
    assert {"podSelector": out["podSelector"]} in into["ingress"][0]["from"]


def test_application_pods_use_user_namespaces(together: list[Any]) -> None:
    assert [pod for pod in pods(together) if pod.get("hostUsers") is not False] == []


def test_web_has_an_existing_priority(together: list[Any]) -> None:
    name = named(together, "Deployment", "web")["spec"]["template"]["spec"]["priorityClassName"]
    assert named(together, "PriorityClass", name)["value"] > 0


def test_containers_limit_ephemeral_storage(together: list[Any]) -> None:
    for pod in pods(together):
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            resources = container["resources"]
            assert "ephemeral-storage" in resources["requests"].keys() & resources["limits"].keys()
