"""Read the output of `kubectl kustomize` for an overlay."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
OVERLAYS = ROOT / "deploy/k8s/overlays"

# Commands in the application's image. A container with the same image as one of these
# belongs to the application too.
PROGRAMS = {"gunicorn", "uvicorn", "daphne", "hypercorn", "celery", "manage.py"}


def overlays() -> list[str]:
    """Return the names of all overlays."""
    return sorted(
        file.parent.relative_to(OVERLAYS).as_posix()
        for file in OVERLAYS.rglob("kustomization.y*ml")
        if yaml.safe_load(file.read_text("utf-8")).get("kind") != "Component"
    )


def dockerfile() -> str:
    """Return the Dockerfile with continued lines joined, or an empty string."""
    file = ROOT / "Dockerfile"
    return file.read_text("utf-8").replace("\\\n", " ") if file.exists() else ""


@dataclass(frozen=True, eq=False)
class Container:
    spec: dict[str, Any]
    pod: "Pod"

    def __str__(self) -> str:
        return f"container {self.name} of {self.pod}"

    @property
    def name(self) -> str:
        return str(self.spec["name"])

    @property
    def words(self) -> list[str]:
        """The words of its command line. Without any, the image's command runs."""
        given = [*self.spec.get("command", []), *self.spec.get("args", [])]
        return " ".join(given).split()

    def option(self, *names: str) -> str | None:
        """Return the value of a command-line option, such as `--bind`."""
        for word, following in zip(self.words, [*self.words[1:], ""], strict=False):
            option, has_value, value = word.partition("=")
            if option in names:
                return value if has_value else following
        return None

    @property
    def ports(self) -> dict[str | int, int]:
        """The numbers of its ports, by name and by number."""
        ports = self.spec.get("ports", [])
        return {
            key: one["containerPort"]
            for one in ports
            for key in (one.get("name", ""), one["containerPort"])
        }

    @property
    def mounts(self) -> list[tuple[str, dict[str, Any]]]:
        """The path of each mount, with the volume that is mounted there."""
        volumes = {one["name"]: one for one in self.pod.volumes}
        return [
            (mount["mountPath"], volumes[mount["name"]])
            for mount in self.spec.get("volumeMounts", [])
        ]


@dataclass(frozen=True, eq=False)
class Pod:
    """A pod template, named after the object that creates its pods."""

    kind: str
    name: str
    namespace: str | None
    template: dict[str, Any]
    claims: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def spec(self) -> dict[str, Any]:
        return dict(self.template["spec"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.template.get("metadata", {}).get("labels", {}))

    @property
    def annotations(self) -> dict[str, str]:
        return dict(self.template.get("metadata", {}).get("annotations", {}))

    @property
    def volumes(self) -> list[dict[str, Any]]:
        """Its volumes, including those of a StatefulSet's claims."""
        claimed = [
            {"name": one["metadata"]["name"], "persistentVolumeClaim": {}}
            for one in self.claims
        ]
        return [*self.spec.get("volumes", []), *claimed]

    @property
    def containers(self) -> list[Container]:
        """All its containers, including init containers."""
        kinds = ("initContainers", "containers")
        return [
            Container(one, self) for kind in kinds for one in self.spec.get(kind, [])
        ]

    @property
    def ports(self) -> dict[str | int, int]:
        """The ports that it listens on, by name and by number."""
        return {key: n for one in self.containers for key, n in one.ports.items()}


@dataclass
class Environment:
    """The variables of a container. One that only the cluster knows is None."""

    values: dict[str, str | None] = field(default_factory=dict)
    # Whether all of them are known: a Secret may be created elsewhere.
    is_complete: bool = True

    def __contains__(self, name: str) -> bool:
        return name in self.values or f"{name}_FILE" in self.values

    def get(self, name: str) -> str | None:
        return self.values.get(name)


@dataclass(frozen=True, eq=False)
class Manifests:
    overlay: str
    objects: list[dict[str, Any]]

    @property
    def file(self) -> str:
        """The file for the overlay's own changes."""
        return f"deploy/k8s/overlays/{self.overlay}/kustomization.yaml"

    def of_kind(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """Return objects by name."""
        found = [one for one in self.objects if one["kind"] in kinds]
        return {one["metadata"]["name"]: one for one in found}

    @cached_property
    def pods(self) -> list[Pod]:
        return list(self._pods())

    def _pods(self) -> Iterator[Pod]:
        for one in self.objects:
            spec = one.get("spec") or {}
            spec = spec.get("jobTemplate", {}).get("spec") or spec
            if "containers" in spec.get("template", {}).get("spec", {}):
                yield Pod(
                    one["kind"],
                    one["metadata"]["name"],
                    one["metadata"].get("namespace"),
                    spec["template"],
                    spec.get("volumeClaimTemplates", []),
                )

    @cached_property
    def app(self) -> list[Container]:
        """The containers that run the application's image."""
        everywhere = [one for pod in self.pods for one in pod.containers]
        images = {
            one.spec["image"] for one in everywhere if PROGRAMS & programs(one.words)
        }
        return [one for one in everywhere if one.spec["image"] in images]

    @cached_property
    def django(self) -> list[Container]:
        """The application's containers that probably load the settings."""
        return [
            one for one in self.app if not one.words or PROGRAMS & programs(one.words)
        ]

    def running(self, *words: str) -> list[Container]:
        """Return the application's containers with these words in their command."""
        commands = re.findall(r"^CMD (.*)", dockerfile(), re.MULTILINE)
        of_the_image = re.findall(r"[^\s\[\]\",]+", commands[-1]) if commands else []
        return [
            one
            for one in self.app
            # A container without ports has no reason to run the image's server.
            if set(words) <= programs(one.words or (of_the_image if one.ports else []))
        ]

    def environment(self, container: Container) -> Environment:
        """Return the variables that a container gets."""
        found = Environment()
        for source in container.spec.get("envFrom", []):
            reference = source.get("configMapRef") or source.get("secretRef")
            kind = "ConfigMap" if "configMapRef" in source else "Secret"
            origin = self.of_kind(kind).get(reference["name"])
            found.is_complete &= origin is not None
            prefix = source.get("prefix", "")
            for name, value in data(origin or {}).items():
                found.values[f"{prefix}{name}"] = value
        for one in container.spec.get("env", []):
            found.values[one["name"]] = one.get("value")
        return found

    def scaler(self, pod: Pod) -> dict[str, Any] | None:
        """Return the autoscaler of the pods, if there is one."""
        for one in self.of_kind("HorizontalPodAutoscaler", "ScaledObject").values():
            target = one["spec"]["scaleTargetRef"]
            if str(pod) == f"{target.get('kind', 'Deployment')}/{target['name']}":
                return one
        return None

    def fewest(self, pod: Pod) -> int:
        """Return the minimum number of pods."""
        if scaler := self.scaler(pod):
            spec = scaler["spec"]
            return int(spec.get("minReplicas", spec.get("minReplicaCount", 1)))
        return int(self.spec_of(pod).get("replicas", 1))

    def spec_of(self, pod: Pod) -> dict[str, Any]:
        """Return the `spec` of the object that creates the pods."""
        return dict(self.of_kind(pod.kind)[pod.name]["spec"])


def programs(words: list[str]) -> set[str]:
    """Return the words without their folders, as in `.venv/bin/celery`."""
    return {Path(word).name for word in words}


def data(origin: dict[str, Any]) -> dict[str, str]:
    """Return what a ConfigMap or Secret holds."""
    held = dict(origin.get("data", {}))
    if origin.get("kind") == "Secret":
        for name, value in held.items():
            held[name] = base64.b64decode(value).decode("utf-8", "replace")
    return {**held, **origin.get("stringData", {})}
