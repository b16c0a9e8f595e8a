"""All traffic in and out is denied, except what a NetworkPolicy allows."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.deploy import server
from tests.deploy.manifests import Manifests, Pod, data
from tests.deploy.network import INTERNET, STRANGER, Network
from tests.deploy.routes import routes, targets
from tests.deploy.selectors import keys, selects
from tests.problems import report

FILE = "deploy/k8s/base/network-policies.yaml"
UNUSED_PORT = 20001
DNS = (53, 5353)  # OpenShift's DNS pods listen on the second


def test_unlisted_traffic_is_denied(manifests: Manifests) -> None:
    report(
        f"No NetworkPolicy denies {direction} by default: {FILE} needs `default-deny`, "
        "with `podSelector: {}` and `policyTypes: [Ingress, Egress]`."
        for direction in ("Ingress", "Egress")
        if not Network(manifests).denies_by_default(direction)
    )


def test_every_rule_names_its_ports(manifests: Manifests) -> None:
    network = Network(manifests)
    report(
        f"NetworkPolicy/{name} opens {direction} of {pod} on every port, to anybody: "
        "name the `ports`."
        for pod in manifests.pods
        for direction in ("Ingress", "Egress")
        for other in (INTERNET, STRANGER)
        for name in network.openings(direction, pod, other, UNUSED_PORT)
        if name
    )


def test_ingress_names_its_sources(manifests: Manifests) -> None:
    network = Network(manifests)
    report(
        f"NetworkPolicy/{name} lets anybody reach port {port} of {pod}: list in `from` "
        "who may."
        for pod in manifests.pods
        for port in listening(manifests, pod)
        for other in (INTERNET, STRANGER)
        for name in network.openings("Ingress", pod, other, port, to=pod)
        if name
    )


def listening(manifests: Manifests, pod: Pod) -> set[int]:
    """Return the ports of a pod, including undeclared ones."""
    reached = {
        target.port
        for service in manifests.of_kind("Service").values()
        for target in targets(manifests, service)
        if target.pod is pod and target.port
    }
    metrics = {
        server.metrics_port(manifests, one) for one in manifests.app if one.pod is pod
    }
    return {*pod.ports.values(), *reached, *(port for port in metrics if port)}


def test_external_requests_are_allowed(manifests: Manifests) -> None:
    network, services = Network(manifests), manifests.of_kind("Service")
    report(
        f"{route} leads to port {target.port} of {target.pod}, where no NetworkPolicy "
        "lets the controller in: name its namespace in `from`."
        for route in routes(manifests)
        if route.service in services
        for target in targets(manifests, services[route.service], route.port)
        if target.port and not network.admits_others(target.pod, target.port)
    )


def test_a_certificate_can_be_issued(manifests: Manifests) -> None:
    """cert-manager creates a pod in this namespace, which the issuer asks."""
    labels = {"acme.cert-manager.io/http01-solver": "true"}
    template = {"metadata": {"labels": labels}, "spec": {}}
    solver = Pod("Pod", "solver", None, template, [])
    reached = Network(manifests).admits_others(solver, 8089)
    report(
        f"Ingress/{name} has a certificate from cert-manager, which can neither be "
        f"issued nor renewed by HTTP-01: {FILE} needs `acme-solver`, with port 8089 of "
        f"the pods labeled {labels}."
        for name, ingress in manifests.of_kind("Ingress").items()
        if not reached
        and {"cert-manager.io/cluster-issuer", "cert-manager.io/issuer"}
        & ingress["metadata"].get("annotations", {}).keys()
    )


def test_every_service_is_reachable(manifests: Manifests) -> None:
    """For a database in the cluster, for instance, both ends need a policy."""
    network = Network(manifests)
    in_secrets = {host for host, _port in addresses(manifests)}  # the next test's
    report(
        f"Nothing reaches port {target.port} of {target.pod}, where Service/{name} "
        "leads to: add a NetworkPolicy for the way in, and one for the way out of the "
        "pods that use it."
        for name, service in manifests.of_kind("Service").items()
        for target in targets(manifests, service)
        if target.port
        and name not in in_secrets
        and not network.admits_others(target.pod, target.port)
        and not any(
            network.connects(one, target.pod, target.port) for one in manifests.pods
        )
    )


def test_the_application_resolves_names(manifests: Manifests) -> None:
    network = Network(manifests)
    report(
        f"No NetworkPolicy lets {one.pod} resolve names: {FILE} needs `dns`, with port "
        "53 of UDP and TCP."
        for one in manifests.app
        if not any(network.lets_out(one.pod, port) for port in DNS)
    )


def test_egress_allows_every_host_in_the_secrets(manifests: Manifests) -> None:
    """If the Secret is created here. Otherwise only the cluster knows."""
    network, services = Network(manifests), manifests.of_kind("Service")
    report(
        f"Not all pods of the application can reach {host}:{port}, which a Secret "
        "names: add a NetworkPolicy for it."
        for one in manifests.app
        for host, port in addresses(manifests)
        if not (
            any(
                network.connects(one.pod, target.pod, target.port)
                for target in targets(manifests, services[host], port)
                if target.port
            )
            if host in services
            else network.lets_out(one.pod, port)
        )
    )


def addresses(manifests: Manifests) -> Iterator[tuple[str, int]]:
    """Yield the hosts and ports of the URLs in Secrets."""
    for secret in manifests.of_kind("Secret").values():
        for value in data(secret).values():
            if re.match(r"[\w+]+://", value) and (url := urlsplit(value)).port:
                yield str(url.hostname), url.port


def test_selectors_select_pods(manifests: Manifests) -> None:
    pods = [pod.labels for pod in manifests.pods]
    report(
        f"{origin} selects no pod: correct its selector {selector}."
        for origin, selector in selectors(manifests)
        if not any(selects(selector, labels) for labels in pods)
    )


def selectors(manifests: Manifests) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every selector that is about pods of the manifests."""
    for name, one in manifests.of_kind("Service").items():
        if one["spec"].get("selector"):
            yield f"Service/{name}", {"matchLabels": one["spec"]["selector"]}
    for kind in ("Deployment", "StatefulSet", "DaemonSet", "PodDisruptionBudget"):
        for name, one in manifests.of_kind(kind).items():
            yield f"{kind}/{name}", one["spec"]["selector"]
    known = {label for pod in manifests.pods for label in pod.labels}
    for name, one in manifests.of_kind("NetworkPolicy").items():
        # With other labels, it is about others' pods, such as cert-manager's.
        if keys(one["spec"].get("podSelector", {})) <= known:
            yield f"NetworkPolicy/{name}", one["spec"].get("podSelector", {})
    for pod in manifests.pods:
        for one in pod.spec.get("topologySpreadConstraints", []):
            yield f"A topologySpreadConstraint of {pod}", one.get("labelSelector", {})
