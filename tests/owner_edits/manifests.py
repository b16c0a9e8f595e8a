"""Edits of the manifests: who can reach the application, and what it can reach."""

from pathlib import Path
from typing import Any

import yaml

from tests.owner_edits.editing import objects, one_object, replace, set_variable
from tests.owner_edits.registry import edit

BASE = Path("deploy/k8s/base")
COMPONENTS = Path("deploy/k8s/components")
OVERLAYS = Path("deploy/k8s/overlays")
INGRESS = COMPONENTS / "ingress/ingress.yaml"
PRODUCTION = OVERLAYS / "production/kustomization.yaml"
LOCAL = OVERLAYS / "local/kustomization.yaml"
TESTS = "tests/deploy"
CONTROLLER = "web|acme-solver"  # what the Ingress controller reaches


def add_to_base(project: Path, name: str, text: str) -> None:
    """Add a file with objects to the base, and list it there."""
    (project / BASE / name).write_text(text, encoding="utf-8")
    with one_object(project / BASE / "kustomization.yaml") as kustomization:
        kustomization["resources"].append(name)


def patch_of(kustomization: dict[str, Any], kind: str, name: str = "web") -> dict[str, Any]:
    """Return the overlay's patch of an object."""
    target = {"kind": kind, "name": name}
    return next(one for one in kustomization["patches"] if one["target"] == target)


@edit(TESTS)
def own_namespaces_of_ingress_and_monitoring(project: Path) -> None:
    """Write the cluster's namespaces where docs/deploy.md says so."""
    with one_object(project / PRODUCTION) as kustomization:
        for name, value in [(CONTROLLER, "ingress-nginx"), ("metrics", "observability")]:
            patch = patch_of(kustomization, "NetworkPolicy", name)
            [operation] = yaml.safe_load(patch["patch"])
            patch["patch"] = yaml.safe_dump([{**operation, "value": value}])


@edit(TESTS, together=False)
def pods_of_the_ingress_controller_by_label(project: Path) -> None:
    """Select the controller's pods, and admit the network of a load balancer."""
    with one_object(project / BASE / "network-policies.yaml", name="web") as policy:
        policy["spec"]["ingress"][0]["from"] = [
            {
                "namespaceSelector": {"matchLabels": {"team": "platform"}},
                "podSelector": {
                    "matchExpressions": [{"key": "app", "operator": "In", "values": ["traefik"]}]
                },
            },
            {"ipBlock": {"cidr": "10.20.0.0/16"}},
        ]
    with one_object(project / PRODUCTION) as kustomization:
        patch_of(kustomization, "NetworkPolicy", CONTROLLER)["target"]["name"] = "acme-solver"


@edit(TESTS)
def several_hosts(project: Path) -> None:
    """Serve two other hosts, one of them with a wildcard."""
    hosts = ["tasks.acme.dev", "*.tasks.acme.dev"]
    with one_object(project / INGRESS) as ingress:
        [rule] = ingress["spec"]["rules"]
        ingress["spec"]["rules"] = [{**rule, "host": host} for host in hosts]
        ingress["spec"]["tls"][0]["hosts"] = hosts
    set_variable(project / BASE / "settings.env", "ALLOWED_HOSTS", ".tasks.acme.dev")


@edit(TESTS, says="add it to ALLOWED_HOSTS in deploy/k8s/base/settings.env or")
def host_that_django_does_not_know(project: Path) -> None:
    """Write another host into the Ingress only."""
    with one_object(project / INGRESS) as ingress:
        ingress["spec"]["rules"][0]["host"] = "tasks.acme.dev"
        ingress["spec"]["tls"][0]["hosts"] = ["tasks.acme.dev"]


@edit(TESTS, together=False)
def certificate_at_a_load_balancer(project: Path) -> None:
    """Leave TLS to a cloud's load balancer."""
    with one_object(project / INGRESS) as ingress:
        del ingress["spec"]["tls"]
        ingress["spec"]["ingressClassName"] = "alb"


@edit(TESTS, together=False)
def gateway_instead_of_ingress(project: Path) -> None:
    """Let a Gateway route the requests."""
    with one_object(project / PRODUCTION) as kustomization:
        components = kustomization["components"]
        components[components.index("../../components/ingress")] = "../../components/gateway"


@edit(TESTS)
def another_port(project: Path) -> None:
    """Make gunicorn listen on port 8080, and serve metrics on 9100."""
    replace(project / "Dockerfile", "GUNICORN_BIND=0.0.0.0:8000", "GUNICORN_BIND=0.0.0.0:8080")
    set_variable(project / BASE / "settings.env", "METRICS_PORT", "9100")
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        template = web["spec"]["template"]
        template["metadata"]["annotations"]["prometheus.io/port"] = "9100"
        http, metrics = template["spec"]["containers"][0]["ports"]
        http["containerPort"], metrics["containerPort"] = 8080, 9100


@edit(TESTS, together=False)
def no_metrics(project: Path) -> None:
    """Do without Prometheus."""
    set_variable(project / BASE / "settings.env", "METRICS_PORT", None)
    with one_object(project / BASE / "web.yaml", kind="Deployment") as web:
        template = web["spec"]["template"]
        del template["metadata"]["annotations"]
        [container] = template["spec"]["containers"]
        del container["ports"][1]
        container["startupProbe"]["httpGet"]["port"] = "http"
        container["livenessProbe"]["httpGet"]["port"] = "http"
    with objects(project / BASE / "network-policies.yaml") as policies:
        policies[:] = [one for one in policies if one["metadata"]["name"] != "metrics"]
    with one_object(project / PRODUCTION) as kustomization:
        kustomization["patches"].remove(patch_of(kustomization, "NetworkPolicy", "metrics"))


@edit(TESTS, says="let Prometheus ask the pods, by their annotations or a PodMonitor.")
def service_that_leads_to_the_metrics(project: Path) -> None:
    """Add the metrics to the Service."""
    with one_object(project / BASE / "web.yaml", kind="Service") as service:
        service["spec"]["ports"].append({"name": "metrics", "port": 9000, "targetPort": "metrics"})


@edit(TESTS)
def mail_and_an_api_outside(project: Path) -> None:
    """Let the application reach a mail server on port 465 and an API on 443."""
    file = project / BASE / "network-policies.yaml"
    with one_object(file, name="external-services") as policy:
        policy["spec"]["egress"].append(
            {
                "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}],
                "ports": [{"protocol": "TCP", "port": port} for port in (443, 465)],
            }
        )


@edit(TESTS, says="needs `default-deny`, with `podSelector: {}`")
def policies_without_the_default(project: Path) -> None:
    """Forget that a pod without a policy may connect to anything."""
    with objects(project / BASE / "network-policies.yaml") as policies:
        del policies[0]


@edit(TESTS)
def policies_split_up(project: Path) -> None:
    """Deny in two policies, and allow Valkey in a separate one."""
    with objects(project / BASE / "network-policies.yaml") as policies:
        deny, external = policies[0], policies[-1]
        for direction in ("Ingress", "Egress"):
            name = f"default-deny-{direction.lower()}"
            spec = {"podSelector": {}, "policyTypes": [direction]}
            policies.append({**deny, "metadata": {"name": name}, "spec": spec})
        valkey = external["spec"]["egress"][0]["ports"].pop(1)
        rule = {"to": [{"ipBlock": {"cidr": "192.0.2.0/28"}}], "ports": [valkey]}
        policies.append(
            {
                **external,
                "metadata": {"name": "valkey-outside"},
                "spec": {**external["spec"], "egress": [rule]},
            }
        )
        del policies[0]


CERT_MANAGER = "which can neither be issued nor renewed by HTTP-01"


@edit(TESTS, says=CERT_MANAGER)
def no_policy_for_the_pods_of_cert_manager(project: Path) -> None:
    """Delete the policy of a pod that is rarely seen."""
    with objects(project / BASE / "network-policies.yaml") as policies:
        policies[:] = [one for one in policies if one["metadata"]["name"] != "acme-solver"]


@edit(TESTS)
def policy_of_ones_own_for_the_pods_of_cert_manager(project: Path) -> None:
    """Admit the certificate's issuer with another policy."""
    with objects(project / BASE / "network-policies.yaml") as policies:
        web = next(one for one in policies if one["metadata"]["name"] == "web")
        labels = {"acme.cert-manager.io/http01-solver": "true"}
        rule = {**web["spec"]["ingress"][0], "ports": [{"protocol": "TCP", "port": 8089}]}
        spec = {**web["spec"], "podSelector": {"matchLabels": labels}, "ingress": [rule]}
        policies[:] = [one for one in policies if one["metadata"]["name"] != "acme-solver"]
        policies.append({**web, "metadata": {"name": "acme"}, "spec": spec})


@edit(TESTS)
def database_in_the_cluster(project: Path) -> None:
    """Run PostgreSQL and Valkey in production too, and let only mail out."""
    with one_object(project / PRODUCTION) as kustomization:
        kustomization["components"] += ["../../components/postgres", "../../components/valkey"]
    with one_object(project / BASE / "network-policies.yaml", name="external-services") as policy:
        ports = policy["spec"]["egress"][0]["ports"]
        ports[:] = [one for one in ports if one["port"] not in (5432, 6379)]


@edit(TESTS, says="add a NetworkPolicy for it.")
def database_without_a_policy(project: Path) -> None:
    """Delete the policies of PostgreSQL."""
    with objects(project / COMPONENTS / "postgres/postgres.yaml") as found:
        found[:] = [one for one in found if one["kind"] != "NetworkPolicy"]
