"""The manifests keep their promises, and fit the code."""

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.test import Client

from config.celery import HEARTBEAT, app

ROOT = Path(__file__).parents[2]

READERS = ("required", "secret", "os.environ.get")

# What the code reads and the manifests leave at its default.
LEFT_ALONE = {
    "ADMIN_PATH",
    "DEBUG",
    "GUNICORN_BIND",
    "GUNICORN_DRAIN_SECONDS",
    "GUNICORN_THREADS",
    "SIGNUP_OPEN",
    "THEMIS_API_FAILURES_PER_MINUTE",
    "THEMIS_API_REQUESTS_PER_MINUTE",
    "THEMIS_NOTIFICATION_MAX_AGE_DAYS",
    "THEMIS_NOTIFICATION_POLL_INTERVAL",
    "WEB_CONCURRENCY",
}
# What others than our settings read.
READ_ELSEWHERE = {
    "PGOPTIONS": "libpq",
    "POSTGRES_PASSWORD": "the PostgreSQL image",
    "POSTGRES_USER": "the PostgreSQL image",
    "REMAP_SIGTERM": "Celery",
    "VALKEY_ACL": "Valkey",
}


def of_kind(manifests: list[Any], kind: str) -> dict[str, Any]:
    return {one["metadata"]["name"]: one for one in manifests if one["kind"] == kind}


def templates(manifests: list[Any]) -> Iterator[tuple[str, Any]]:
    """Every pod template, by the kind and name of what makes its pods."""
    for one in manifests:
        spec = one.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec") or spec
        if "containers" in spec.get("template", {}).get("spec", {}):
            yield f"{one['kind']}/{one['metadata']['name']}", spec["template"]


def app_pods(manifests: list[Any]) -> dict[str, Any]:
    """The specs of the pods that run the image of the application."""
    return {
        name: template["spec"]
        for name, template in templates(manifests)
        if template["metadata"]["labels"].get("app.kubernetes.io/component") == "app"
    }


def config_map(manifests: list[Any]) -> dict[str, str]:
    [one] = of_kind(manifests, "ConfigMap").values()
    data: dict[str, str] = one["data"]
    return data


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items()


def read_by_the_code() -> set[str]:
    """The variables that config/settings.py and gunicorn.conf.py read."""
    names = set()
    for file in ("config/settings.py", "gunicorn.conf.py"):
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = ast.unparse(node.func)
            if function in READERS or function.startswith("env."):
                name = node.args[0]
                if isinstance(name, ast.Constant) and str(name.value).isupper():
                    names.add(name.value)
    return names


def set_by_the_manifests(manifests: list[Any]) -> set[str]:
    names = set(config_map(manifests))
    for _, template in templates(manifests):
        for container in template["spec"]["containers"]:
            names |= {one["name"] for one in container.get("env", [])}
    return {name.removesuffix("_FILE") for name in names}


# Pod Security Standards, "restricted"


def test_the_namespace_enforces_restricted(manifests: list[Any]) -> None:
    [namespace] = of_kind(manifests, "Namespace").values()
    assert namespace["metadata"]["labels"].items() >= {
        ("pod-security.kubernetes.io/enforce", "restricted"),
        ("pod-security.kubernetes.io/enforce-version", "latest"),
    }


def test_everything_is_in_the_namespace(manifests: list[Any]) -> None:
    [namespace] = of_kind(manifests, "Namespace")
    outside = {
        one["metadata"]["name"]
        for one in manifests
        if one["metadata"].get("namespace") != namespace and one["kind"] != "Namespace"
    }
    assert outside == set()


def test_pods_are_restricted(manifests: list[Any]) -> None:
    for name, template in templates(manifests):
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 10000, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), name
        for volume in pod["volumes"]:
            assert volume.keys() - {"name"} <= {"emptyDir", "secret"}, name


def test_containers_are_restricted(manifests: list[Any]) -> None:
    for name, template in templates(manifests):
        for container in template["spec"]["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }, name
            assert not any("hostPort" in port for port in container.get("ports", []))


def test_containers_have_requests_and_limits(manifests: list[Any]) -> None:
    for name, template in templates(manifests):
        for container in template["spec"]["containers"]:
            resources = container["resources"]
            assert resources["requests"].keys() == {"cpu", "memory"}, name
            assert resources["limits"].keys() == {"cpu", "memory"}, name


def test_the_service_account_has_no_token(manifests: list[Any]) -> None:
    [account] = of_kind(manifests, "ServiceAccount").values()
    assert account["automountServiceAccountToken"] is False
    assert not of_kind(manifests, "RoleBinding")


# The pods of the application


def test_all_pods_of_the_application_are_alike(manifests: list[Any]) -> None:
    pod_settings = ("serviceAccountName", "enableServiceLinks", "securityContext")
    container_settings = (
        *("image", "imagePullPolicy", "envFrom", "resources"),
        *("securityContext", "volumeMounts"),
    )
    pods = app_pods(manifests)
    alike = [
        [pod["volumes"], *(pod[key] for key in pod_settings)]
        + [pod["containers"][0][key] for key in container_settings]
        for pod in pods.values()
    ]
    assert len(pods) >= 5
    assert all(one == alike[0] for one in alike)


def test_the_user_is_that_of_the_image(manifests: list[Any]) -> None:
    [user] = [
        line.removeprefix("USER ")
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("USER ")
    ]
    for pod in app_pods(manifests).values():
        context = pod["securityContext"]
        assert user == f"{context['runAsUser']}:{context['runAsGroup']}"


def test_what_is_written_has_a_volume(manifests: list[Any]) -> None:
    for pod in app_pods(manifests).values():
        [writable] = [one["name"] for one in pod["volumes"] if "emptyDir" in one]
        mounts = pod["containers"][0]["volumeMounts"]
        paths = {mount["name"]: mount["mountPath"] for mount in mounts}
        assert Path(paths[writable]) == Path("/", "tmp")


def test_a_digest_says_what_runs_in_production(rendered: dict[str, list[Any]]) -> None:
    pods = app_pods(rendered["production"]).values()
    images = {pod["containers"][0]["image"] for pod in pods}
    assert len(images) == 1
    assert "@sha256:" in images.pop()


# Variables and secrets


def test_every_variable_is_read(manifests: list[Any]) -> None:
    unknown = set_by_the_manifests(manifests) - read_by_the_code()
    assert unknown <= READ_ELSEWHERE.keys()


def test_every_variable_that_the_code_reads_is_set(manifests: list[Any]) -> None:
    assert read_by_the_code() - set_by_the_manifests(manifests) == LEFT_ALONE


def test_debug_is_never_set(manifests: list[Any]) -> None:
    assert "DEBUG" not in set_by_the_manifests(manifests)


def test_secrets_are_mounted_files(manifests: list[Any]) -> None:
    example = ROOT / "deploy/k8s/overlays/local/secrets.env.example"
    keys = {
        line.partition("=")[0]
        for line in example.read_text().splitlines()
        if line and not line.startswith("#")
    }
    data = config_map(manifests)
    files = {name.removesuffix("_FILE") for name in data if name.endswith("_FILE")}
    assert files == keys - READ_ELSEWHERE.keys()
    assert not files & data.keys()
    for pod in app_pods(manifests).values():
        [mount] = [
            one
            for one in pod["containers"][0]["volumeMounts"]
            if one["name"] == "credentials"
        ]
        assert {data[f"{name}_FILE"] for name in files} == {
            f"{mount['mountPath']}/{name}" for name in files
        }


def test_production_has_no_secret(rendered: dict[str, list[Any]]) -> None:
    assert of_kind(rendered["production"], "Secret") == {}


def test_git_ignores_the_local_secrets() -> None:
    folder = ROOT / "deploy/k8s/overlays/local"
    assert "secrets.env" in (folder / ".gitignore").read_text().splitlines()


def test_the_local_secrets_pass_the_checks() -> None:
    example = ROOT / "deploy/k8s/overlays/local/secrets.env.example"
    values = dict(
        line.split("=", 1)
        for line in example.read_text().splitlines()
        if line and not line.startswith("#")
    )
    password = values["POSTGRES_PASSWORD"]
    assert values["DATABASE_URL"] == f"postgres://app:{password}@postgres:5432/app"
    password = urlsplit(values["CELERY_BROKER_URL"]).password
    assert f" >{password} " in values["VALKEY_ACL"]
    assert len(values["SECRET_KEY"]) >= 50


# Requests find their way


def test_selectors_select_pods(manifests: list[Any]) -> None:
    pods = [template["metadata"]["labels"] for _, template in templates(manifests)]
    selectors = [
        {"matchLabels": one["spec"]["selector"]}
        for one in of_kind(manifests, "Service").values()
    ]
    for kind in ("Deployment", "PodDisruptionBudget", "StatefulSet"):
        selectors += [
            one["spec"]["selector"] for one in of_kind(manifests, kind).values()
        ]
    selectors += [
        one["spec"]["podSelector"]
        for one in of_kind(manifests, "NetworkPolicy").values()
    ]
    for _, template in templates(manifests):
        selectors += [
            constraint["labelSelector"]
            for constraint in template["spec"].get("topologySpreadConstraints", [])
        ]
    unmatched = [s for s in selectors if not any(matches(s, pod) for pod in pods)]
    assert unmatched == []


def test_the_ingress_leads_to_the_web_server(manifests: list[Any]) -> None:
    [ingress] = of_kind(manifests, "Ingress").values()
    [rule] = ingress["spec"]["rules"]
    [path] = rule["http"]["paths"]
    backend = path["backend"]["service"]
    service = of_kind(manifests, "Service")[backend["name"]]
    [port] = service["spec"]["ports"]
    assert port["name"] == backend["port"]["name"]
    web = app_pods(manifests)["Deployment/web"]["containers"][0]
    ports = {one["name"]: one["containerPort"] for one in web["ports"]}
    assert ports[port["targetPort"]] == 8000
    assert "GUNICORN_BIND=0.0.0.0:8000" in (ROOT / "Dockerfile").read_text()


def test_the_host_is_allowed_and_has_tls(manifests: list[Any]) -> None:
    [ingress] = of_kind(manifests, "Ingress").values()
    [host] = [rule["host"] for rule in ingress["spec"]["rules"]]
    assert config_map(manifests)["ALLOWED_HOSTS"] == host
    assert [tls["hosts"] for tls in ingress["spec"]["tls"]] == [[host]]


def test_no_service_leads_to_the_metrics(manifests: list[Any]) -> None:
    web = app_pods(manifests)["Deployment/web"]["containers"][0]
    [metrics] = [p["containerPort"] for p in web["ports"] if p["name"] == "metrics"]
    assert config_map(manifests)["METRICS_PORT"] == str(metrics)
    reached = {
        port["targetPort"]
        for service in of_kind(manifests, "Service").values()
        for port in service["spec"]["ports"]
    }
    assert not reached & {"metrics", metrics}
    pod = dict(templates(manifests))["Deployment/web"]
    assert pod["metadata"]["annotations"]["prometheus.io/port"] == str(metrics)


@pytest.mark.django_db
def test_the_code_answers_the_probes(manifests: list[Any], client: Client) -> None:
    web = app_pods(manifests)["Deployment/web"]["containers"][0]
    asked = {
        name: web[f"{name}Probe"]["httpGet"]
        for name in ("startup", "liveness", "readiness")
    }
    alive = {"path": "/livez", "port": "metrics"}
    ready = {"path": "/readyz", "port": "http"}
    assert asked == {"startup": alive, "liveness": alive, "readiness": ready}
    for path in (alive["path"], ready["path"]):
        # A probe names the pod's address as the host, and speaks plain HTTP. 503 is an
        # answer too, should this machine be slow.
        answer = client.get(path, headers={"Host": "10.0.0.1:8000"})
        assert answer.status_code in (200, 503)


def test_the_probes_of_the_worker_look_at_its_heartbeat(manifests: list[Any]) -> None:
    worker = app_pods(manifests)["Deployment/worker"]["containers"][0]
    for name in ("startup", "liveness", "readiness"):
        command = worker[f"{name}Probe"]["exec"]["command"][2]
        assert f"find /tmp/{HEARTBEAT.name} " in command


# Network policies


def allows(
    manifests: list[Any],
    source: dict[str, dict[str, str]],
    target: dict[str, dict[str, str]],
    port: int,
    port_name: str = "",
) -> bool:
    """Whether the policies let a connection through, as Kubernetes reads them.

    An end has `labels` when it is a pod of this namespace, a `namespace` when it is one
    of another, and neither when it is outside the cluster.
    """

    def one_way(direction: str, pod: Any, peer: Any) -> bool:
        if "labels" not in pod:
            return True
        rules = [
            rule
            for policy in of_kind(manifests, "NetworkPolicy").values()
            if direction in policy["spec"]["policyTypes"]
            and matches(policy["spec"]["podSelector"], pod["labels"])
            for rule in [None, *policy["spec"].get(direction.lower(), [])]
        ]
        peers = "from" if direction == "Ingress" else "to"
        return not rules or any(
            any(is_peer(one, peer) for one in rule[peers])
            and any(one["port"] in (port, port_name) for one in rule["ports"])
            for rule in rules
            if rule
        )

    def is_peer(selector: Any, peer: Any) -> bool:
        if "ipBlock" in selector:
            return not peer
        if "namespaceSelector" in selector:
            return "namespace" in peer and matches(
                selector["namespaceSelector"], peer["namespace"]
            )
        return "labels" in peer and matches(selector["podSelector"], peer["labels"])

    return one_way("Egress", source, target) and one_way("Ingress", target, source)


def pod_of(manifests: list[Any], name: str) -> dict[str, dict[str, str]]:
    return {"labels": dict(templates(manifests))[name]["metadata"]["labels"]}


def namespace_of(name: str) -> dict[str, dict[str, str]]:
    return {"namespace": {"kubernetes.io/metadata.name": name}}


WEB, WORKER, MIGRATE = "Deployment/web", "Deployment/worker", "Job/migrate"
CRONJOB = "CronJob/cleanup-notifications"
INTERNET: dict[str, dict[str, str]] = {}


def test_what_is_not_listed_is_denied(manifests: list[Any]) -> None:
    assert of_kind(manifests, "NetworkPolicy")["default-deny"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


def test_the_ingress_controller_reaches_the_web_server(manifests: list[Any]) -> None:
    web, controller = pod_of(manifests, WEB), namespace_of("ingress")
    assert allows(manifests, controller, web, 8000, "http")
    assert not allows(manifests, controller, web, 9000, "metrics")
    assert not allows(manifests, controller, pod_of(manifests, WORKER), 8000, "http")


def test_prometheus_reaches_the_metrics_alone(manifests: list[Any]) -> None:
    web, prometheus = pod_of(manifests, WEB), namespace_of("monitoring")
    assert allows(manifests, prometheus, web, 9000, "metrics")
    assert not allows(manifests, prometheus, web, 8000, "http")


def test_nobody_else_reaches_the_web_server(manifests: list[Any]) -> None:
    web = pod_of(manifests, WEB)
    for stranger in (INTERNET, namespace_of("default"), pod_of(manifests, WORKER)):
        assert not allows(manifests, stranger, web, 8000, "http")


@pytest.mark.parametrize("name", [WEB, WORKER, MIGRATE, CRONJOB])
def test_the_application_reaches_what_it_needs(manifests: list[Any], name: str) -> None:
    pod = pod_of(manifests, name)
    assert allows(manifests, pod, namespace_of("kube-system"), 53)
    for port in (5432, 6379, 587):
        assert allows(manifests, pod, INTERNET, port)
    for port in (22, 80, 443, 10250):
        assert not allows(manifests, pod, INTERNET, port)


@pytest.mark.parametrize(
    ("name", "port"), [("StatefulSet/postgres", 5432), ("StatefulSet/valkey", 6379)]
)
@pytest.mark.parametrize("source", [WEB, WORKER, MIGRATE, CRONJOB])
def test_the_application_reaches_its_components(
    rendered: dict[str, list[Any]], source: str, name: str, port: int
) -> None:
    local = rendered["local"]
    store, short_name = pod_of(local, name), name.partition("/")[2]
    assert allows(local, pod_of(local, source), store, port, short_name)
    assert not allows(local, store, pod_of(local, source), 8000, "http")
    assert not allows(local, namespace_of("default"), store, port, short_name)
    assert not allows(local, store, INTERNET, 443)


# Jobs


def test_every_job_runs_a_management_command(manifests: list[Any]) -> None:
    commands = get_commands()
    for name, pod in app_pods(manifests).items():
        if name.startswith("Deployment/"):
            continue
        assert pod["restartPolicy"] == "Never"
        python, manage, command, *options = pod["containers"][0]["args"]
        assert (python, manage) == ("python", "manage.py")
        owner = commands[command]
        assert isinstance(owner, str)
        parser = load_command_class(owner, command).create_parser(manage, command)
        parser.parse_args(options)  # exits when it does not know an option


def test_the_cronjobs(manifests: list[Any]) -> None:
    assert of_kind(manifests, "CronJob").keys() >= {
        "cleanup-notifications",
        "clear-sessions",
    }


def test_cronjobs_never_overlap_nor_pile_up(manifests: list[Any]) -> None:
    for job in of_kind(manifests, "CronJob").values():
        spec = job["spec"]
        assert spec["timeZone"] in available_timezones()
        assert spec["timeZone"] == settings.TIME_ZONE
        assert spec["concurrencyPolicy"] == "Forbid"
        assert spec["startingDeadlineSeconds"] >= 200  # the controller looks every 10 s
        assert spec["successfulJobsHistoryLimit"] == 1
        assert spec["failedJobsHistoryLimit"] == 3
        assert spec["jobTemplate"]["spec"]["backoffLimit"] == 3
        assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 1800


def test_the_migration_gives_up_locks_and_tries_again(manifests: list[Any]) -> None:
    spec = of_kind(manifests, "Job")["migrate"]["spec"]
    assert {"name": "PGOPTIONS", "value": "-c lock_timeout=5s"} in (
        spec["template"]["spec"]["containers"][0]["env"]
    )
    assert spec["backoffLimit"] >= 3
    assert spec["ttlSecondsAfterFinished"] > 0


# No downtime


def test_a_rollout_never_has_less_than_before(manifests: list[Any]) -> None:
    for deployment in of_kind(manifests, "Deployment").values():
        rolling = deployment["spec"]["strategy"]["rollingUpdate"]
        assert rolling == {"maxUnavailable": 0, "maxSurge": 1}


def test_the_web_server_has_time_to_stop(manifests: list[Any]) -> None:
    pod = app_pods(manifests)["Deployment/web"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    graceful = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["graceful_timeout"]
    assert waits + graceful + 5 <= pod["terminationGracePeriodSeconds"]


def test_a_pod_that_drains_is_noticed(manifests: list[Any]) -> None:
    """The Service forgets it before it stops taking connections."""
    pod = app_pods(manifests)["Deployment/web"]
    assert pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"] >= 5


def test_the_worker_has_time_to_stop(manifests: list[Any]) -> None:
    pod = app_pods(manifests)["Deployment/worker"]
    soft = app.conf.worker_soft_shutdown_timeout
    assert soft + 10 <= pod["terminationGracePeriodSeconds"]
    assert {"name": "REMAP_SIGTERM", "value": "SIGQUIT"} in pod["containers"][0]["env"]


def test_no_task_runs_twice_because_it_is_long() -> None:
    visibility = app.conf.broker_transport_options["visibility_timeout"]
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert visibility > app.conf.task_time_limit
    assert app.Task.retry_backoff_max < visibility


def test_no_budget_blocks_a_drain(manifests: list[Any]) -> None:
    budgets = of_kind(manifests, "PodDisruptionBudget")
    deployments = of_kind(manifests, "Deployment")
    assert sorted(budgets) == sorted(deployments)
    for budget in budgets.values():
        assert budget["spec"]["maxUnavailable"] == 1
        assert "minAvailable" not in budget["spec"]


def test_the_autoscaler_scales_the_web_server(manifests: list[Any]) -> None:
    [scaler] = of_kind(manifests, "HorizontalPodAutoscaler").values()
    target = scaler["spec"]["scaleTargetRef"]
    deployment = of_kind(manifests, target["kind"])[target["name"]]
    # An apply would undo what the autoscaler did.
    assert "replicas" not in deployment["spec"]
    assert scaler["spec"]["minReplicas"] > 1
    [metric] = scaler["spec"]["metrics"]
    requests = deployment["spec"]["template"]["spec"]["containers"][0]["resources"]
    assert metric["resource"]["name"] in requests["requests"]
