"""Decide whether the NetworkPolicies let a connection through, as Kubernetes does.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from tests.deploy.manifests import Manifests, Pod
from tests.deploy.selectors import selects


@dataclass(frozen=True)
class Peer:
    """One end of a connection: a pod of any namespace, or an address outside."""

    labels: dict[str, str] = field(default_factory=dict)
    namespace: dict[str, str] = field(default_factory=dict)
    is_here: bool = False
    address: str | None = None


INTERNET = Peer(address="203.0.113.7")
STRANGER = Peer(
    labels={"app.kubernetes.io/name": "stranger"},
    namespace={"kubernetes.io/metadata.name": "a-namespace-that-nobody-named"},
)


def peer(pod: Pod) -> Peer:
    namespace = {"kubernetes.io/metadata.name": str(pod.namespace)}
    return Peer(pod.labels, namespace, is_here=True)


class Network:
    """The NetworkPolicies of an overlay.

    `Ingress` is the direction into a pod, `Egress` the one out of it.
    """

    def __init__(self, manifests: Manifests) -> None:
        self.policies = manifests.of_kind("NetworkPolicy")

    def denies_by_default(self, direction: str) -> bool:
        """Return whether pods without labels are isolated."""
        return any(
            one["spec"].get("podSelector") == {}
            and direction in directions(one["spec"])
            for one in self.policies.values()
        )

    def openings(
        self, direction: str, pod: Pod, other: Peer, port: int, *, to: Pod | None = None
    ) -> list[str]:
        """Return the names of the policies that allow a connection.

        `to` is the target pod, if it is in the manifests: a policy may refer to its
        port by name.
        """
        return [
            name
            for name, rule in self.rules(direction, pod)
            if includes(rule, other) and has_port(rule, port, to)
        ]

    def connects(self, source: Pod, target: Pod, port: int) -> bool:
        """Return whether a pod of the manifests can reach another."""
        return bool(
            self.openings("Egress", source, peer(target), port, to=target)
            and self.openings("Ingress", target, peer(source), port, to=target)
        )

    def lets_out(self, pod: Pod, port: int) -> bool:
        """Return whether a pod can reach that port of anything."""
        return any(has_port(one, port, None) for _, one in self.rules("Egress", pod))

    def admits_others(self, pod: Pod, port: int) -> bool:
        """Return whether anything outside the namespace can reach a pod."""
        return any(
            has_port(rule, port, pod)
            and any(
                others(rule) == [] or {"ipBlock", "namespaceSelector"} & one.keys()
                for one in others(rule) or [{}]
            )
            for _name, rule in self.rules("Ingress", pod)
        )

    def rules(self, direction: str, pod: Pod) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what is allowed, by policy. Without policies, everything is."""
        policies = [
            (name, one["spec"])
            for name, one in self.policies.items()
            if direction in directions(one["spec"])
            and selects(one["spec"].get("podSelector", {}), pod.labels)
        ]
        if not policies:
            yield "", {}
        for name, spec in policies:
            for rule in spec.get(direction.lower()) or []:
                yield name, rule


def directions(spec: dict[str, Any]) -> list[str]:
    implied = ["Ingress", "Egress"] if "egress" in spec else ["Ingress"]
    return list(spec.get("policyTypes", implied))


def others(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the peers of a rule. None at all means everything."""
    return list(rule.get("from") or rule.get("to") or [])


def includes(rule: dict[str, Any], other: Peer) -> bool:
    return not others(rule) or any(_is(one, other) for one in others(rule))


def _is(selector: dict[str, Any], other: Peer) -> bool:
    if block := selector.get("ipBlock"):
        return other.address is not None and _has(block, other.address)
    if other.address is not None:
        return False
    if "namespaceSelector" in selector:
        if not selects(selector["namespaceSelector"] or {}, other.namespace):
            return False
    elif not other.is_here:
        return False
    return selects(selector.get("podSelector") or {}, other.labels)


def _has(block: dict[str, Any], address: str) -> bool:
    inside = ip_address(address)
    return inside in ip_network(block["cidr"]) and not any(
        inside in ip_network(one) for one in block.get("except", [])
    )


def has_port(rule: dict[str, Any], port: int, to: Pod | None) -> bool:
    names = {
        name for name, number in (to.ports if to else {}).items() if number == port
    }
    return not rule.get("ports") or any(
        "port" not in one
        or one["port"] in names
        or (
            isinstance(one["port"], int)
            and one["port"] <= port <= one.get("endPort", one["port"])
        )
        for one in rule["ports"]
    )
