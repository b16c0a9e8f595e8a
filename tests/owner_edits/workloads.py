"""Edits of the manifests: which pods run, how many, and with what."""

from pathlib import Path

from tests.owner_edits.editing import objects, one_object, set_variable
from tests.owner_edits.manifests import (
    BASE,
    COMPONENTS,
    INGRESS,
    TESTS,
    add_to_base,
)
from tests.owner_edits.registry import edit

WITHOUT_RIGHTS = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
RESOURCES = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}}
RESTRICTED_POD = """\
      securityContext:
        runAsNonRoot: true
        runAsUser: 70
        seccompProfile: { type: RuntimeDefault }
"""
RESTRICTED_CONTAINER = """\
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
          resources:
            requests: { cpu: 50m, memory: 64Mi }
            limits: { memory: 64Mi }
"""


@edit(TESTS)
def fixed_number_of_pods(project: Path) -> None:
    """Remove the autoscaler, and set the budget in percent."""
    with objects(project / BASE / "web.yaml") as found:
        found[:] = [one for one in found if one["kind"] != "HorizontalPodAutoscaler"]
        for one in found:
            if one["kind"] == "Deployment":
                one["spec"]["replicas"] = 4
            if one["kind"] == "PodDisruptionBudget":
                one["spec"] = {"selector": one["spec"]["selector"], "minAvailable": "50%"}


@edit(TESTS, together=False)
def autoscaler_with_other_metrics(project: Path) -> None:
    """Scale by memory and by the length of the queue."""
    with one_object(project / BASE / "web.yaml", kind="HorizontalPodAutoscaler") as scaler:
        scaler["spec"]["minReplicas"] = 1
        scaler["spec"]["metrics"] = [
            {
                "type": "Resource",
                "resource": {
                    "name": "memory",
                    "target": {"type": "AverageValue", "averageValue": "400Mi"},
                },
            },
            {
                "type": "External",
                "external": {
                    "metric": {"name": "queue"},
                    "target": {"type": "Value", "value": "30"},
                },
            },
        ]


@edit(TESTS, says="remove `replicas` from Deployment/web.", together=False)
def autoscaler_that_an_apply_undoes(project: Path) -> None:
    """Set the number of pods, although there is an autoscaler."""
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        web["spec"]["replicas"] = 3


@edit(TESTS, says="so that no node can be drained: write `maxUnavailable: 1`.")
def budget_that_blocks_a_drain(project: Path) -> None:
    """Require as many available pods as the minimum."""
    with one_object(project / BASE / "web.yaml", kind="PodDisruptionBudget") as budget:
        budget["spec"] = {"selector": budget["spec"]["selector"], "minAvailable": 2}


@edit(TESTS)
def other_resources(project: Path) -> None:
    """Give pods more memory, and no CPU limit."""
    for file, path in [("pod.yaml", []), ("cronjob.yaml", ["jobTemplate", "spec"])]:
        with one_object(project / COMPONENTS / "app" / file) as one:
            spec = one["spec"]
            for key in path:
                spec = spec[key]
            spec["template"]["spec"]["containers"][0]["resources"] = {
                "requests": {"cpu": "500m", "memory": "1Gi"},
                "limits": {"memory": "1Gi"},
            }


@edit(TESTS)
def more_memory_for_the_worker(project: Path) -> None:
    """Give the worker other resources than the other pods, in its own file."""
    with one_object(project / COMPONENTS / "worker/worker.yaml", kind="Deployment") as worker:
        worker["spec"].update(replicas=5)
        [container] = worker["spec"]["template"]["spec"]["containers"]
        container["resources"] = {"requests": {"memory": "2Gi"}, "limits": {"memory": "2Gi"}}


@edit(TESTS, says="add `- path: api.yaml` under `patches` in deploy/k8s/base/kustomization.yaml.")
def resources_that_have_no_effect(project: Path) -> None:
    """Add a Deployment with its own resources, and list its file only once."""
    second_deployment(project)
    with one_object(project / BASE / "api.yaml", kind="Deployment") as deployment:
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        container["resources"] = {"limits": {"memory": "4Gi"}}


@edit(TESTS)
def sidecar_and_volumes(project: Path) -> None:
    """Add a sidecar, an init container, and volumes of all kinds."""
    own = {"securityContext": WITHOUT_RIGHTS, "resources": RESOURCES}
    (project / BASE / "proxy.conf").write_text("listen 8090\n")
    with one_object(project / BASE / "kustomization.yaml") as kustomization:
        kustomization["configMapGenerator"].append({"name": "proxy", "files": ["proxy.conf"]})
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        spec = web["spec"]["template"]["spec"]
        spec["initContainers"] = [
            {"name": "warm-up", "image": "busybox:1.37", "command": ["true"], **own}
        ]
        spec["containers"].append(
            {
                "name": "proxy",
                "image": "ghcr.io/acme/proxy:3",
                "env": [{"name": "LICENSE_ID", "value": "4711"}],
                "ports": [{"name": "proxy", "containerPort": 8090}],
                "volumeMounts": [{"name": "proxy", "mountPath": "/etc/proxy"}],
                **own,
            }
        )
        spec["containers"][0]["volumeMounts"] = [{"name": "media", "mountPath": "/app/media"}]
        spec["volumes"] = [
            {"name": "proxy", "configMap": {"name": "proxy"}},
            {"name": "media", "persistentVolumeClaim": {"claimName": "media"}},
            {"name": "vault", "csi": {"driver": "secrets-store.csi.k8s.io", "readOnly": True}},
            {"name": "all", "projected": {"sources": [{"secret": {"name": "web-tls"}}]}},
        ]


@edit(TESTS, says="write `allowPrivilegeEscalation: false` in its securityContext.")
def sidecar_with_rights(project: Path) -> None:
    """Add a sidecar as in its README."""
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        container = {"name": "logs", "image": "ghcr.io/acme/logs:2", "resources": RESOURCES}
        web["spec"]["template"]["spec"]["containers"].append(container)


@edit(TESTS)
def second_deployment(project: Path) -> None:
    """Serve the API from separate pods, with a Service and a path of the Ingress."""
    with objects(project / BASE / "web.yaml") as found:
        kinds = {one["kind"]: one for one in found}
    labels = {"app.kubernetes.io/name": "api"}
    deployment, service = kinds["Deployment"], kinds["Service"]
    deployment["metadata"]["name"] = service["metadata"]["name"] = "api"
    deployment["spec"].update(replicas=2, selector={"matchLabels": labels})
    template = deployment["spec"]["template"]
    template["metadata"]["labels"] = labels
    template["spec"].update(terminationGracePeriodSeconds=90)
    template["spec"].pop("topologySpreadConstraints")
    template["spec"]["containers"][0]["args"] = [
        *("gunicorn", "config.wsgi", "--graceful-timeout=60")
    ]
    service["spec"]["selector"] = labels
    with objects(project / BASE / "network-policies.yaml") as policies:
        web = next(one for one in policies if one["metadata"]["name"] == "web")
    web["metadata"]["name"] = "api"
    web["spec"]["podSelector"]["matchLabels"] = labels
    with objects(project / BASE / "api.yaml") as found:
        found += [deployment, service, web]
    with one_object(project / BASE / "kustomization.yaml") as kustomization:
        kustomization["resources"].append("api.yaml")
    with one_object(project / INGRESS) as ingress:
        backend = {"service": {"name": "api", "port": {"name": "http"}}}
        path = {"path": "/api", "pathType": "Prefix", "backend": backend}
        ingress["spec"]["rules"][0]["http"]["paths"].append(path)


@edit(TESTS)
def pool_of_connections(project: Path) -> None:
    """Put PgBouncer in front of the database: a Deployment with another image."""
    add_to_base(
        project,
        "pgbouncer.yaml",
        f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: pgbouncer
  labels: {{ app.kubernetes.io/component: pgbouncer }}
spec:
  replicas: 2
  selector: {{ matchLabels: {{ app.kubernetes.io/name: pgbouncer }} }}
  template:
    metadata:
      labels: {{ app.kubernetes.io/name: pgbouncer }}
    spec:
{RESTRICTED_POD}\
      containers:
        - name: pgbouncer
          image: ghcr.io/acme/pgbouncer:1.24
          env: [{{ name: POOL_MODE, value: transaction }}]
          ports: [{{ name: pgbouncer, containerPort: 6432 }}]
{RESTRICTED_CONTAINER}\
---
apiVersion: v1
kind: Service
metadata: {{ name: pgbouncer }}
spec:
  selector: {{ app.kubernetes.io/name: pgbouncer }}
  ports: [{{ port: 5432, targetPort: pgbouncer }}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{ name: pgbouncer }}
spec:
  podSelector: {{ matchLabels: {{ app.kubernetes.io/name: pgbouncer }} }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{{ podSelector: {{ matchLabels: {{ app.kubernetes.io/component: app }} }} }}]
      ports: [{{ port: pgbouncer }}]
  egress:
    - to: [{{ ipBlock: {{ cidr: 10.9.0.0/24 }} }}]
      ports: [{{ port: 5432 }}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{ name: app-to-pgbouncer }}
spec:
  podSelector: {{ matchLabels: {{ app.kubernetes.io/component: app }} }}
  policyTypes: [Egress]
  egress:
    - to: [{{ podSelector: {{ matchLabels: {{ app.kubernetes.io/name: pgbouncer }} }} }}]
      ports: [{{ port: 6432 }}]
""",
    )


@edit(TESTS, together=False)
def user_that_the_cluster_chooses(project: Path) -> None:
    """Let OpenShift choose the pods' user."""
    for file, path in [("pod.yaml", []), ("cronjob.yaml", ["jobTemplate", "spec"])]:
        with one_object(project / COMPONENTS / "app" / file) as one:
            spec = one["spec"]
            for key in path:
                spec = spec[key]
            for name in ("runAsUser", "runAsGroup", "fsGroup"):
                del spec["template"]["spec"]["securityContext"][name]


@edit(TESTS)
def more_time_to_stop(project: Path) -> None:
    """Give requests a minute to finish."""
    set_variable(project / BASE / "settings.env", "GUNICORN_DRAIN_SECONDS", "40")
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        web["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 75


@edit(TESTS, says="raise `terminationGracePeriodSeconds`.")
def more_time_to_stop_than_kubernetes_gives(project: Path) -> None:
    """Give requests a minute to finish, but only in gunicorn."""
    set_variable(project / BASE / "settings.env", "GUNICORN_DRAIN_SECONDS", "40")


@edit(TESTS, says="raise `keepalive` in gunicorn.conf.py above that of yours.")
def connections_that_close_too_early(project: Path) -> None:
    """Close idle connections after a few seconds."""
    set_variable(project / BASE / "settings.env", "GUNICORN_KEEPALIVE", "5")
