"""Requests reach the application, and never its metrics."""

import re
from collections.abc import Iterator

import pytest
from django.http.request import validate_host
from django.test import Client

from tests.deploy import server
from tests.deploy.manifests import Container, Manifests
from tests.deploy.routes import Route, routes, targets
from tests.problems import report


def test_routes_lead_to_a_service(manifests: Manifests) -> None:
    services = manifests.of_kind("Service")
    report(
        f"{route} leads to the port {route.port} of the Service {route.service}, which "
        "does not exist: correct one of them."
        for route in routes(manifests)
        if route.service not in services
        or not any(
            route.port in (one["port"], one.get("name"))
            for one in services[route.service]["spec"]["ports"]
        )
    )


def test_services_lead_to_a_port_of_a_pod(manifests: Manifests) -> None:
    report(
        f"Service/{name} leads to the port {port.get('targetPort', port['port'])}, "
        "which none of its pods has: correct `targetPort`, or the name of the "
        "container's port."
        for name, service in manifests.of_kind("Service").items()
        if service["spec"].get("selector")
        for port in service["spec"].get("ports", [])
        if not any(one.port for one in targets(manifests, service, port["port"]))
    )


def test_services_lead_to_where_gunicorn_listens(manifests: Manifests) -> None:
    report(
        f"{name} leads to port {port}, but gunicorn listens on {address}: correct "
        "GUNICORN_BIND in the Dockerfile or `containerPort`."
        for name, container, port in connections(manifests)
        if (address := server.bind(manifests, container))
        and address.rpartition(":")[2] != str(port)
    )


def connections(manifests: Manifests) -> Iterator[tuple[str, Container, int | None]]:
    """Yield the Services that lead to gunicorn, and not to its metrics or a sidecar."""
    for name, service in manifests.of_kind("Service").items():
        for target in targets(manifests, service):
            for one in manifests.running("gunicorn"):
                metrics = server.metrics_port(manifests, one)
                if one.pod is target.pod and target.port != metrics:
                    beside = [c for c in one.pod.containers if c.name != one.name]
                    if not any(target.port in other.ports for other in beside):
                        yield f"Service/{name}", one, target.port


def test_hosts_are_allowed(manifests: Manifests) -> None:
    report(
        f"{route} serves {route.host}, which Django rejects: add it to ALLOWED_HOSTS "
        f"in deploy/k8s/base/settings.env or {manifests.file}."
        for route in routes(manifests)
        for container in answering(manifests, route)
        if route.host
        and (allowed := manifests.environment(container).get("ALLOWED_HOSTS"))
        and not validate_host(route.host.replace("*", "any"), allowed.split(","))
    )


def answering(manifests: Manifests, route: Route) -> Iterator[Container]:
    """Yield the gunicorn containers that a route leads to."""
    if service := manifests.of_kind("Service").get(route.service):
        pods = [target.pod for target in targets(manifests, service, route.port)]
        yield from (one for one in manifests.running("gunicorn") if one.pod in pods)


def test_hosts_have_a_certificate(manifests: Manifests) -> None:
    """An Ingress without `tls` leaves TLS to a load balancer in front."""
    report(
        f"Ingress/{name} has no certificate for {rule['host']}: add the host under "
        "`tls`."
        for name, ingress in manifests.of_kind("Ingress").items()
        if "tls" in ingress["spec"]
        for rule in ingress["spec"].get("rules", [])
        if "host" in rule
        and not any(
            re.fullmatch(re.escape(host).replace(r"\*", r"([^.]+|\*)"), rule["host"])
            for one in ingress["spec"]["tls"]
            for host in one.get("hosts", [])
        )
    )


def test_no_service_leads_to_the_metrics(manifests: Manifests) -> None:
    """An Ingress can only reach ports of a Service."""
    metrics = [
        (one.pod, port)
        for one in manifests.app
        for port in (server.metrics_port(manifests, one), one.ports.get("metrics"))
        if port
    ]
    report(
        f"Service/{name} leads to the metrics: remove the port, and let Prometheus ask "
        "the pods, by their annotations or a PodMonitor."
        for name, service in manifests.of_kind("Service").items()
        for target in targets(manifests, service)
        if (target.pod, target.port) in metrics
    )


def test_prometheus_finds_the_metrics_port(manifests: Manifests) -> None:
    report(
        f"{one.pod} serves metrics on port {port}, but says {told} in its annotation "
        "prometheus.io/port: correct it, or METRICS_PORT."
        for one in manifests.running("gunicorn")
        if (port := server.metrics_port(manifests, one))
        and (told := one.pod.annotations.get("prometheus.io/port"))
        and told != str(port)
    )


def probes(container: Container) -> Iterator[tuple[str, str, str | int]]:
    """Yield the name, path and port of each HTTP probe."""
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        if asked := container.spec.get(name, {}).get("httpGet"):
            yield name, asked["path"], asked["port"]


def test_probe_paths_exist(
    manifests: Manifests, client: Client, request: pytest.FixtureRequest
) -> None:
    # A probe's host is the pod's address, and it uses plain HTTP.
    headers = {"Host": "10.0.0.1:8000"}
    found = [
        (one.pod, name, path)
        for one in manifests.running("gunicorn")
        for name, path, _port in probes(one)
        if path not in ("/livez", "/readyz")  # Themis tests its own
    ]
    if found:
        request.getfixturevalue("db")
    report(
        f"The {name} of {pod} requests {path}, which does not answer 200: change it to "
        "/livez or /readyz."
        for pod, name, path in found
        if client.get(path, headers=headers).status_code != 200
    )


def test_probes_ask_a_port_of_the_container(manifests: Manifests) -> None:
    report(
        f"The {name} of {one.pod} uses port {port}, which is not under `ports`: "
        "correct one of them."
        for one in manifests.running("gunicorn")
        for name, _path, port in probes(one)
        if port not in one.ports
    )


def test_an_outage_of_the_database_restarts_nothing(manifests: Manifests) -> None:
    report(
        f"The {name} of {one.pod} depends on the database: change its path to /livez."
        for one in manifests.running("gunicorn")
        for name, path, _port in probes(one)
        if name != "readinessProbe" and path == "/readyz"
    )


def test_requests_wait_until_a_pod_is_ready(manifests: Manifests) -> None:
    report(
        f"Give the {one} a readinessProbe that requests /readyz, or it gets requests "
        "before the migration is done."
        for one in manifests.running("gunicorn")
        if "readinessProbe" not in one.spec
    )
