"""`make deploy` applies an overlay to a cluster in order, and stops at the first error."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster import Cluster
from tests.generate import generate
from tests.heavy.processes import missing
from tests.owner_edits.editing import replace

BASE = Path("deploy/k8s/base")
MIGRATION = "--selector app.kubernetes.io/name=migrate"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("kubectl") is None:
        missing("kubectl")
    return generate(tmp_path_factory.mktemp("generated"))


@pytest.fixture
def folder(generated: Path, tmp_path: Path) -> Path:
    """A separate project for this test."""
    shutil.copytree(generated / "deploy", tmp_path / "project/deploy")
    shutil.copy(generated / "Makefile", tmp_path / "project")
    script = tmp_path / "project/deploy/deploy.sh"
    replace(script, "\nPAUSE=2 ", "\nPAUSE=0 ")
    replace(script, "\nLOOKS=150 ", "\nLOOKS=3 ")
    return tmp_path / "project"


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    (tmp_path / "bin").mkdir()
    cluster = Cluster(tmp_path / "bin")
    cluster.install()
    return cluster


def position(cluster: Cluster, wanted: Callable[[str], bool]) -> int:
    [*found] = [number for number, call in enumerate(cluster.calls) if wanted(call)]
    assert found, cluster.calls
    return found[0]


def test_successful_deployment(folder: Path, cluster: Cluster) -> None:
    cluster.write(looks=[["", ""], ["", "Pending"], ["", "Running"], ["Complete", "Succeeded"]])
    code, printed = cluster.deploy(folder, "production")
    assert code == 0, printed
    order = [
        position(cluster, lambda call: "apply" in call and "component!=app" in call),
        position(cluster, lambda call: "delete job migrate" in call),
        position(cluster, lambda call: MIGRATION in call),
        position(cluster, lambda call: "get job migrate" in call),
        position(cluster, lambda call: " logs " in call),
        position(cluster, lambda call: re.fullmatch(r"apply --filename \S+", call) is not None),
        position(cluster, lambda call: "rollout status deployment.apps/web" in call),
        position(cluster, lambda call: "--prune " in call),
    ]
    assert order == sorted(order)
    assert [call for call in cluster.calls if "rollout status deployment.apps/worker" in call]
    assert "Applying tracker.0002_estimate..." in printed
    assert {"Job/migrate", "Deployment/web", "Deployment/worker"} <= cluster.names


def test_nothing_runs_the_new_version_before_the_migration_is_done(
    folder: Path, cluster: Cluster
) -> None:
    cluster.write(looks=[["Failed", "Failed"]])
    code, printed = cluster.deploy(folder, "production")
    assert code != 0
    kinds = {name.partition("/")[0] for name in cluster.names}
    assert kinds & {"Deployment", "CronJob"} == set()
    assert {"ConfigMap", "NetworkPolicy", "ServiceAccount", "Job"} <= kinds
    assert "Applying tracker.0002_estimate..." in printed  # the log
    assert "The migration failed, and nothing else has changed." in printed
    assert not [call for call in cluster.calls if "rollout" in call or "prune" in call]


def test_a_change_of_the_settings(folder: Path, cluster: Cluster) -> None:
    """The Job refers to the ConfigMap, whose name changes, and Jobs are immutable."""
    assert cluster.deploy(folder, "production")[0] == 0
    before = {name for name in cluster.names if name.startswith("ConfigMap/")}
    with (folder / BASE / "settings.env").open("a") as file:
        file.write("SIGNUP_OPEN=True\n")
    code, printed = cluster.deploy(folder, "production")
    assert code == 0, printed
    maps = {name for name in cluster.names if name.startswith("ConfigMap/")}
    assert before < maps  # running pods refer to the old one


def test_the_stand_in_refuses_to_change_a_job(folder: Path, cluster: Cluster) -> None:
    """As the API does. Otherwise the test above would prove nothing."""
    script = folder / "deploy/deploy.sh"
    text = script.read_text()
    assert "delete job" in text
    script.write_text(re.sub(r"^here delete job.*\n", "", text, flags=re.MULTILINE))
    assert cluster.deploy(folder, "production")[0] == 0
    with (folder / BASE / "settings.env").open("a") as file:
        file.write("SIGNUP_OPEN=True\n")
    code, printed = cluster.deploy(folder, "production")
    assert code != 0
    assert "field is immutable" in printed


def test_a_migration_that_does_not_start(folder: Path, cluster: Cluster) -> None:
    """If its image cannot be pulled, or its Secret is missing, the Job would wait for an hour."""
    cluster.write(looks=[["", "Pending"]])
    code, printed = cluster.deploy(folder, "production")
    assert code != 0
    assert "The migration does not start, and nothing else has changed." in printed
    assert [call for call in cluster.calls if "get events" in call]
    assert not [call for call in cluster.calls if "rollout" in call]


def test_a_migration_that_takes_long(folder: Path, cluster: Cluster) -> None:
    """Give up only if it does not start. The Job's own deadline ends one that hangs."""
    cluster.write(looks=[*[["", "Running"]] * 10, ["Complete", "Succeeded"]])
    code, printed = cluster.deploy(folder, "production")
    assert code == 0, printed
    assert len([call for call in cluster.calls if "get job migrate" in call]) == 11


def test_cluster_unreachable_for_a_moment(folder: Path, cluster: Cluster) -> None:
    cluster.write(down=3)
    code, printed = cluster.deploy(folder, "production")
    assert code == 0, printed
    assert printed.count("Unable to connect to the server") == 3


def test_rollout_never_ready(folder: Path, cluster: Cluster) -> None:
    cluster.write(broken=["deployment.apps/web"])
    code, printed = cluster.deploy(folder, "production")
    assert code != 0
    assert "exceeded its progress deadline" in printed
    assert "deployment.apps/web did not become ready." in printed
    assert not [call for call in cluster.calls if "worker" in call or "prune" in call]


EXAMPLES = {
    f"CronJob/{name}"
    for name in ("build-waiting-reports", "check-overdue-tasks", "check-tasks-due-soon")
}


def remove_the_example(folder: Path) -> None:
    file = folder / BASE / "kustomization.yaml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "cronjobs-tracker" not in line))


def test_removed_objects_are_listed(folder: Path, cluster: Cluster) -> None:
    cluster.deploy(folder, "production")
    before = cluster.names
    remove_the_example(folder)
    code, printed = cluster.deploy(folder, "production")
    assert code == 0, printed
    listed = set(re.findall(r"(\S+) pruned \(server dry run\)", printed))
    assert listed == EXAMPLES
    assert cluster.names == before


def test_removed_objects_can_be_pruned(folder: Path, cluster: Cluster) -> None:
    cluster.deploy(folder, "production")
    before = cluster.names
    remove_the_example(folder)
    with (folder / BASE / "settings.env").open("a") as file:
        file.write("SIGNUP_OPEN=True\n")
    code, printed = cluster.deploy(folder, "production", PRUNE="yes")
    assert code == 0, printed
    assert before - cluster.names == EXAMPLES  # and no ConfigMap, since pods still refer to them


def test_pruning_covers_every_kind_without_data(folder: Path, cluster: Cluster) -> None:
    cluster.deploy(folder, "production")
    [prune] = [call for call in cluster.calls if "--prune " in call]
    kinds = {one["apiVersion"] + "/" + one["kind"] for one in cluster.read()["objects"].values()}
    known = {one.removeprefix("core/") for one in re.findall(r"allowlist=(\S+)", prune)}
    assert kinds - known == {"v1/Namespace", "v1/ConfigMap"}


@pytest.mark.parametrize("overlay", ["", "prod"])
def test_missing_overlay(folder: Path, cluster: Cluster, overlay: str) -> None:
    code, printed = cluster.deploy(folder, overlay)
    assert code != 0
    assert "There are: local production" in printed
    assert cluster.calls == []


def test_broken_overlay(folder: Path, cluster: Cluster) -> None:
    (folder / BASE / "web.yaml").unlink()
    code, _printed = cluster.deploy(folder, "production")
    assert code != 0
    assert cluster.calls == []
