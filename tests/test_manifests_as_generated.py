"""The exact content of the manifests, before their owner changes them."""

import os
import re
import shutil
import subprocess
import sys
import time
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.generate import generate
from tests.heavy.processes import Manifests, missing

TIMEZONE = "Europe/Berlin"
EXAMPLE = Path("deploy/k8s/overlays/local/secrets.env.example")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is not installed."""
    if shutil.which("kubectl") is None:
        missing("kubectl")
    return generate(tmp_path_factory.mktemp("generated"), timezone=TIMEZONE)


@pytest.fixture(scope="module")
def production(folder: Path) -> Manifests:
    return Manifests(folder, "production")


@pytest.fixture(scope="module")
def local(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Manifests:
    return Manifests(folder, "local", secrets=tmp_path_factory.mktemp("local") / "k8s")


@pytest.fixture(params=["local", "production"])
def manifests(request: pytest.FixtureRequest) -> Manifests:
    return request.getfixturevalue(request.param)


def names(manifests: Manifests, kind: str) -> list[str]:
    return sorted(one["metadata"]["name"] for one in manifests.objects if one["kind"] == kind)


def app_pods(manifests: Manifests) -> dict[str, Any]:
    """Return the application's pods by the objects that create them."""
    return {
        f"{kind}/{name}": manifests.pod(kind, name)
        for kind in ("Deployment", "Job", "CronJob")
        for name in names(manifests, kind)
    }


def test_what_there_is(production: Manifests, local: Manifests) -> None:
    kinds = [{one["kind"] for one in manifests.objects} for manifests in (local, production)]
    assert kinds[0] ^ kinds[1] == {"Secret", "StatefulSet", "Ingress"}
    assert names(local, "StatefulSet") == ["postgres", "valkey"]
    assert names(production, "Deployment") == ["web", "worker"]
    assert names(production, "Service") == ["web"]
    assert names(production, "Job") == ["migrate"]
    assert names(production, "RoleBinding") == []
    assert names(production, "NetworkPolicy") == [
        *("acme-solver", "default-deny", "dns", "external-services", "metrics", "web")
    ]


def test_cronjobs(production: Manifests) -> None:
    commands = {
        name: " ".join(production.pod("CronJob", name)["containers"][0]["args"])
        for name in names(production, "CronJob")
    }
    assert commands == {
        "check-overdue-tasks": "python manage.py check_overdue",
        "build-waiting-reports": "python manage.py build_waiting_reports",
        "check-tasks-due-soon": "python manage.py check_due_soon",
        "cleanup-notifications": "python manage.py cleanup_notifications",
        "clear-sessions": "python manage.py clearsessions",
        "send-digests": "python manage.py send_digests",
        "warn-of-expiring-api-keys": "python manage.py api_keys warn",
    }
    for name in commands:
        spec = production.named("CronJob", name)["spec"]
        assert spec["timeZone"] == TIMEZONE
        assert spec["concurrencyPolicy"] == "Forbid"
        assert spec["startingDeadlineSeconds"] == 3600
        assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (1, 3)
        assert spec["jobTemplate"]["spec"]["backoffLimit"] == 3
        assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 1800


def test_application_pods_share_one_spec(manifests: Manifests) -> None:
    of_pod = ("serviceAccountName", "enableServiceLinks", "securityContext", "volumes")
    of_container = (
        *("image", "imagePullPolicy", "envFrom", "resources"),
        *("securityContext", "volumeMounts"),
    )
    pods = app_pods(manifests)
    alike = [
        [pod[key] for key in of_pod] + [pod["containers"][0][key] for key in of_container]
        for pod in pods.values()
    ]
    assert len(pods) == 10
    assert all(one == alike[0] for one in alike)
    assert all(len(pod["containers"]) == 1 for pod in pods.values())


def test_the_user_is_that_of_the_image(folder: Path, manifests: Manifests) -> None:
    [user] = re.findall(r"^USER (.*)", (folder / "Dockerfile").read_text(), re.MULTILINE)
    for pod in app_pods(manifests).values():
        context = pod["securityContext"]
        assert user == f"{context['runAsUser']}:{context['runAsGroup']}"
        assert context["runAsUser"] > 10000  # not a user of a node


def test_containers_have_requests_and_limits(manifests: Manifests) -> None:
    for pod in app_pods(manifests).values():
        resources = pod["containers"][0]["resources"]
        named = {"cpu", "ephemeral-storage", "memory"}
        assert resources["requests"].keys() == resources["limits"].keys() == named


def test_probes(manifests: Manifests) -> None:
    [web] = manifests.pod("Deployment", "web")["containers"]
    alive = {"path": "/livez", "port": "metrics"}
    assert web["startupProbe"]["httpGet"] == web["livenessProbe"]["httpGet"] == alive
    assert web["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    [worker] = manifests.pod("Deployment", "worker")["containers"]
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        python, _c, code, age = worker[name]["exec"]["command"]
        assert python == "python"  # no shell
        assert "/tmp/worker-heartbeat" in code
        assert float(age) >= 60


@pytest.mark.parametrize(("age", "code"), [(0, 0), (50, 0), (70, 1), (None, 1)])
def test_probe_of_the_worker(
    production: Manifests, tmp_path: Path, age: int | None, code: int
) -> None:
    [worker] = production.pod("Deployment", "worker")["containers"]
    _python, *arguments = worker["readinessProbe"]["exec"]["command"]
    heartbeat = tmp_path / "worker-heartbeat"
    if age is not None:
        heartbeat.touch()
        os.utime(heartbeat, (time.time() - age,) * 2)
    arguments = [one.replace("/tmp/worker-heartbeat", str(heartbeat)) for one in arguments]
    run = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    assert run.returncode == code


def test_the_application_reaches_what_is_outside(production: Manifests) -> None:
    spec = production.named("NetworkPolicy", "external-services")["spec"]
    [rule] = spec["egress"]
    assert [one["ipBlock"]["cidr"] for one in rule["to"]] == ["0.0.0.0/0", "::/0"]
    assert [one["port"] for one in rule["ports"]] == [5432, 6379, 25, 465, 587]


@pytest.mark.parametrize(
    ("who", "port"),
    [
        ("kube-system", 53),
        ("openshift-dns", 5353),
        ("169.254.20.10", 53),  # NodeLocal DNSCache
        ("169.254.169.254", 53),  # Cloud DNS of GKE
    ],
)
def test_pods_resolve_names(manifests: Manifests, who: str, port: int) -> None:
    [rule] = manifests.named("NetworkPolicy", "dns")["spec"]["egress"]
    [namespaces, block] = rule["to"]
    [expression] = namespaces["namespaceSelector"]["matchExpressions"]
    is_address = who[0].isdigit()
    assert (
        ip_address(who) in ip_network(block["ipBlock"]["cidr"])
        if is_address
        else who in expression["values"]
    )
    for protocol in ("UDP", "TCP"):
        assert {"protocol": protocol, "port": port} in rule["ports"]


def test_certificate_issuer_uses_the_same_route(production: Manifests) -> None:
    web, solver = (
        production.named("NetworkPolicy", name)["spec"]["ingress"][0]["from"]
        for name in ("web", "acme-solver")
    )
    assert web == solver


def test_no_rollout_has_fewer_pods_than_before(manifests: Manifests) -> None:
    for name in names(manifests, "Deployment"):
        rolling = manifests.named("Deployment", name)["spec"]["strategy"]["rollingUpdate"]
        assert rolling == {"maxUnavailable": 0, "maxSurge": 1}
        budget = manifests.named("PodDisruptionBudget", name)["spec"]
        assert budget["maxUnavailable"] == 1


def test_the_migration(production: Manifests) -> None:
    job = production.named("Job", "migrate")
    assert job["spec"]["backoffLimit"] == 10
    assert job["spec"]["ttlSecondsAfterFinished"] > 0
    [container] = job["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["python", "manage.py", "migrations", "apply"]
    disruption, exit_code = job["spec"]["podFailurePolicy"]["rules"]
    assert disruption["action"] == "Ignore"
    assert exit_code["action"] == "FailJob"
    assert exit_code["onExitCodes"]["values"] == [75]


def wave(one: Any) -> int:
    """Return when Argo CD applies an object."""
    return int(one["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0"))


def test_argo_cd_waits_for_the_migration(manifests: Manifests) -> None:
    """Hooks are not compared: when the Job is gone, nothing is out of sync."""
    job = manifests.named("Job", "migrate")
    annotations = job["metadata"]["annotations"]
    assert annotations["argocd.argoproj.io/hook"] == "Sync"
    assert annotations["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation"
    needed = {"Namespace", "ServiceAccount", "ConfigMap", "NetworkPolicy"}
    waits = {"Deployment", "CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget"}
    for one in manifests.objects:
        if one["kind"] in needed and "valkey" not in one["metadata"]["name"]:
            assert wave(one) <= wave(job), one["metadata"]
        elif one["kind"] in waits:
            assert wave(one) > wave(job), one["metadata"]
        elif one["metadata"]["name"] == "postgres":
            assert wave(one) < wave(job), one["metadata"]


def test_cronjobs_wait_for_the_migration(manifests: Manifests) -> None:
    """In a container like the one that follows it."""
    for name in names(manifests, "CronJob"):
        pod = manifests.pod("CronJob", name)
        [waiting], [app] = pod["initContainers"], pod["containers"]
        assert waiting.pop("args") == ["python", "manage.py", "migrations", "wait"]
        differing = {key for key in waiting if waiting[key] != app[key]}
        assert differing == {"name"}


def test_the_autoscaler(production: Manifests) -> None:
    scaler = production.named("HorizontalPodAutoscaler", "web")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert "replicas" not in production.named("Deployment", "web")["spec"]


def test_secrets(production: Manifests, local: Manifests) -> None:
    """Production has its own. The example has those that the settings and images read."""
    assert names(production, "Secret") == []
    files = {name for name in production.settings() if name.endswith("_FILE")}
    of_images = {"POSTGRES_PASSWORD", "VALKEY_ACL"}
    assert {name.removesuffix("_FILE") for name in files} == local.secrets.keys() - of_images
    for name in files:
        key = name.removesuffix("_FILE")
        assert production.settings()[name] == f"/run/secrets/credentials/{key}"


def test_the_local_secrets_fit_each_other(local: Manifests) -> None:
    secrets = local.secrets
    password = secrets["POSTGRES_PASSWORD"]
    assert secrets["DATABASE_URL"] == f"postgres://app:{password}@postgres:5432/app"
    assert f" >{urlsplit(secrets['CELERY_BROKER_URL']).password} " in secrets["VALKEY_ACL"]
    assert len(secrets["SECRET_KEY"]) >= 50


def test_every_variable_is_explained(folder: Path, production: Manifests) -> None:
    explained = re.findall(r"^#?([A-Z_]+)=", (folder / ".env.example").read_text(), re.MULTILINE)
    names = {name.removesuffix("_FILE") for name in production.settings()}
    assert names - set(explained) == set()


def test_hosts(folder: Path, production: Manifests, local: Manifests) -> None:
    ingress, host = production.named("Ingress", "web")["spec"], "team-tracker.example.com"
    assert [rule["host"] for rule in ingress["rules"]] == [host]
    assert [tls["hosts"] for tls in ingress["tls"]] == [[host]]
    assert production.settings()["ALLOWED_HOSTS"] == host
    assert names(local, "Ingress") == []
    assert local.settings()["ALLOWED_HOSTS"] == "localhost"
    assert local.settings()["DEBUG"] == "True"


def test_gateway_instead_of_ingress(folder: Path, tmp_path: Path, production: Manifests) -> None:
    shutil.copytree(folder / "deploy", tmp_path / "deploy")
    file = tmp_path / "deploy/k8s/overlays/production/kustomization.yaml"
    file.write_text(file.read_text().replace("components/ingress", "components/gateway"))
    manifests = Manifests(tmp_path, "production")
    route = manifests.named("HTTPRoute", "web")["spec"]
    [rule] = production.named("Ingress", "web")["spec"]["rules"]
    assert names(manifests, "Ingress") == []
    assert route["hostnames"] == [rule["host"]]
    [way] = route["rules"]
    [port] = manifests.named("Service", "web")["spec"]["ports"]
    assert way["backendRefs"] == [{"name": "web", "port": port["port"]}]


# The options in comments of the production overlay.


def uncommented(folder: Path, copy: Path) -> Manifests:
    """The production overlay with all options that it has in comments."""
    shutil.copytree(folder / "deploy", copy / "deploy")
    file = copy / "deploy/k8s/overlays/production/kustomization.yaml"
    text = file.read_text()
    offered = re.compile(r"^( +)# ((?:- target|- op|- name|  |-  ).*|- \.\./.*)$", re.MULTILINE)
    file.write_text(offered.sub(r"\1\2", text))
    return Manifests(copy, "production")


def test_what_is_offered_in_comments_works(folder: Path, tmp_path: Path) -> None:
    manifests = uncommented(folder, tmp_path)
    ingress = manifests.named("Ingress", "web")
    assert ingress["spec"]["ingressClassName"] == "traefik"
    assert manifests.named("ServiceAccount", "app")["imagePullSecrets"] == [{"name": "registry"}]
    [container] = manifests.pod("Job", "migrate")["containers"]
    path = "/run/secrets/credentials/DIRECT_DATABASE_URL"
    assert container["env"] == [{"name": "DATABASE_URL_FILE", "value": path}]


def test_without_a_right_to_make_namespaces(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "deploy", tmp_path / "deploy")
    file = tmp_path / "deploy/k8s/overlays/production/kustomization.yaml"
    file.write_text(file.read_text().replace("  - ../../components/namespace\n", ""))
    objects = Manifests(tmp_path, "production").objects
    assert {one["metadata"].get("namespace") for one in objects} == {"team-tracker"}
