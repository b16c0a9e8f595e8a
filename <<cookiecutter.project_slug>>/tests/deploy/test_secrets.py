"""Secrets are files that never get into git or a ConfigMap."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.deploy import variables
from tests.deploy.files import documents, is_ignored
from tests.deploy.manifests import ROOT, Container, Manifests, data
from tests.problems import report

SECRET_NAME = re.compile(r"SECRET_KEY$|(PASSWORD|SECRET|TOKEN)$")
URL_WITH_PASSWORD = re.compile(r"\w://[^/@\s]*:[^/@\s]+@")


def test_secrets_are_not_plain_variables(manifests: Manifests) -> None:
    secrets = variables.secrets()
    in_maps = [
        (f"ConfigMap/{name}", variable, value)
        for name, one in manifests.of_kind("ConfigMap").items()
        for variable, value in data(one).items()
    ]
    in_pods = [
        (str(container.pod), one["name"], one["value"])
        for pod in manifests.pods
        for container in pod.containers
        for one in container.spec.get("env", [])
        if "value" in one
    ]
    report(
        f"{origin} holds the secret {name}: put it into the Secret, and write "
        f"{name}_FILE=/run/secrets/credentials/{name} in its place."
        for origin, name, value in in_maps + in_pods
        if value
        and (
            name in secrets
            or SECRET_NAME.search(name)
            or URL_WITH_PASSWORD.search(value)
        )
    )


def test_the_application_gets_secrets_as_files(manifests: Manifests) -> None:
    """Every program that the application starts inherits its variables."""
    report(
        f"The {one} gets a Secret as a variable: mount it, and set a variable that "
        "ends with _FILE to the path."
        for one in manifests.app
        if any("secretRef" in source for source in one.spec.get("envFrom", []))
        or any(
            "secretKeyRef" in v.get("valueFrom", {}) for v in one.spec.get("env", [])
        )
    )


def secret_files(manifests: Manifests) -> Iterator[tuple[Container, str, Path]]:
    for one in manifests.app:
        for name, value in manifests.environment(one).values.items():
            if name.endswith("_FILE") and name.removesuffix("_FILE") in (
                variables.mentioned()
            ):
                yield one, name, Path(value or "")


def volume_at(container: Container, path: Path) -> tuple[dict[str, Any], Path] | None:
    """Return the volume that holds a file, and the file's path in the volume."""
    for folder, volume in container.mounts:
        if path.is_relative_to(folder):
            return volume, path.relative_to(folder)
    return None


def test_secrets_are_mounted(manifests: Manifests) -> None:
    report(
        f"The pods read {name} from {path}, where no Secret is mounted: correct the "
        "path in deploy/k8s/base/settings.env."
        for one, name, path in secret_files(manifests)
        if not (found := volume_at(one, path))
        or not {"secret", "csi", "projected"} & found[0].keys()
    )


def test_every_mounted_secret_has_its_key(manifests: Manifests) -> None:
    """If the Secret is created here. Otherwise only the cluster knows."""
    made_here = manifests.of_kind("Secret")
    report(
        f"The Secret {name} lacks {missing}, which the pods read: add the line "
        f"{missing}= to the file from which {manifests.file} creates it."
        for container, _variable, path in secret_files(manifests)
        if (found := volume_at(container, path)) and "secret" in found[0]
        if (name := found[0]["secret"].get("secretName")) in made_here
        for missing in [key_of(found[0]["secret"], found[1])]
        if missing not in data(made_here[name])
    )


def key_of(source: dict[str, Any], path: Path) -> str:
    """Return the key of the Secret that becomes the file."""
    items = {item["path"]: item["key"] for item in source.get("items", [])}
    return str(items.get(path.as_posix(), path.as_posix()))


def test_no_secret_is_in_git() -> None:
    report(
        f"{file} has a Secret with values, which git would keep forever: create it "
        "from a file that .gitignore lists, as deploy/k8s/overlays/local does."
        for file, one in documents()
        if one.get("kind") == "Secret"
        and (one.get("data") or one.get("stringData"))
        and "sops" not in one  # encrypted
        and not is_ignored(ROOT / file)
    )
    report(
        f"{file} makes the Secret {generator['name']} of {source.partition('=')[0]}, "
        "which git would keep forever: move it to a file that .gitignore lists."
        for file, one in documents()
        for generator in one.get("secretGenerator", [])
        for source in sources(generator)
        if "=" in source or not is_ignored((ROOT / file).parent / source)
    )


def sources(generator: dict[str, Any]) -> Iterator[str]:
    """Yield the literals and files from which a Secret is created."""
    yield from generator.get("literals", [])
    yield from generator.get("envs", [])
    yield from [one.rpartition("=")[2] for one in generator.get("files", [])]
    if "env" in generator:
        yield generator["env"]
