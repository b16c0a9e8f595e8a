"""Follow requests from an Ingress or a Gateway to the containers that answer them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.deploy.manifests import Manifests, Pod
from tests.deploy.selectors import selects


@dataclass(frozen=True)
class Route:
    """Where requests for a host go, or for every host if it has none."""

    origin: str
    host: str | None
    service: str
    port: str | int

    def __str__(self) -> str:
        return self.origin


@dataclass(frozen=True)
class Target:
    """A pod's port that a Service targets. Without a number, no pod has it."""

    pod: Pod
    port: int | None


def routes(manifests: Manifests) -> Iterator[Route]:
    """Yield the routes of every Ingress, HTTPRoute and GRPCRoute."""
    for name, one in manifests.of_kind("Ingress").items():
        yield from _of_ingress(f"Ingress/{name}", one["spec"])
    for name, one in manifests.of_kind("HTTPRoute", "GRPCRoute").items():
        yield from _of_gateway(f"{one['kind']}/{name}", one["spec"])


def _of_ingress(origin: str, spec: dict[str, Any]) -> Iterator[Route]:
    found = [
        (rule.get("host"), path["backend"])
        for rule in spec.get("rules", [])
        for path in rule.get("http", {}).get("paths", [])
    ]
    if "defaultBackend" in spec:
        found.append((None, spec["defaultBackend"]))
    for host, backend in found:
        if service := backend.get("service"):
            port = service["port"].get("name") or service["port"]["number"]
            yield Route(origin, host, service["name"], port)


def _of_gateway(origin: str, spec: dict[str, Any]) -> Iterator[Route]:
    for rule in spec.get("rules", []):
        for backend in rule.get("backendRefs", []):
            if backend.get("kind", "Service") == "Service":
                for host in spec.get("hostnames", [None]):
                    yield Route(origin, host, backend["name"], backend["port"])


def targets(
    manifests: Manifests, service: dict[str, Any], port: str | int | None = None
) -> Iterator[Target]:
    """Yield the targets of one port of a Service, or of all its ports."""
    selector = service["spec"].get("selector")
    for one in service["spec"].get("ports", []):
        if port in (None, one["port"], one.get("name")):
            target = one.get("targetPort", one["port"])
            for pod in manifests.pods:
                if selector and selects({"matchLabels": selector}, pod.labels):
                    # Only ports that are referred to by name have to be declared.
                    number = (
                        target if isinstance(target, int) else pod.ports.get(target)
                    )
                    yield Target(pod, number)
