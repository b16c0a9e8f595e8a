"""Pods have only the rights that they need: the Pod Security Standard *restricted*.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.deploy.manifests import Container, Manifests, Pod, dockerfile
from tests.problems import report

VOLUMES = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"),
    *("persistentVolumeClaim", "projected", "secret"),
}
# Everything that creates pods, and that a namespace's policy has to cover.
NAMESPACED = (
    *("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service"),
    *("Ingress", "ConfigMap", "Secret", "ServiceAccount", "NetworkPolicy"),
)


def test_the_overlay_renders(kustomization: subprocess.CompletedProcess[str]) -> None:
    if kustomization.returncode:
        overlay = f"deploy/k8s/{kustomization.args[-1]}"
        report([f"`kubectl kustomize {overlay}` fails: {kustomization.stderr}"])


def test_the_overlay_runs_the_application(manifests: Manifests) -> None:
    if not manifests.app:
        report(
            [f"{manifests.file} has no pod that runs gunicorn, celery or manage.py."]
        )


def test_everything_is_in_one_namespace(manifests: Manifests) -> None:
    found = {
        one["metadata"].get("namespace")
        for one in manifests.objects
        if one["kind"] in NAMESPACED
    }
    if None in found or len(found) > 1:
        report([f"Add `namespace:` to {manifests.file}, for all objects to share one."])


def test_the_namespace_enforces_restricted(manifests: Manifests) -> None:
    label = "pod-security.kubernetes.io/enforce"
    report(
        f"Namespace/{name} lets any pod run: add the label `{label}: restricted` in "
        "deploy/k8s/components/namespace/namespace.yaml."
        for name, namespace in manifests.of_kind("Namespace").items()
        if namespace["metadata"].get("labels", {}).get(label) != "restricted"
    )


def test_pods_are_restricted(manifests: Manifests) -> None:
    report(
        f"{pod} breaks the Pod Security Standard: {problem}"
        for pod in manifests.pods
        for problem in of_pod(pod)
    )


def of_pod(pod: Pod) -> Iterator[str]:
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(name):
            yield f"remove `{name}`."
    for volume in pod.volumes:
        for kind in volume.keys() - {"name"} - VOLUMES:
            yield f"the volume {volume['name']} is a {kind}, which is not allowed."


def test_containers_are_restricted(manifests: Manifests) -> None:
    report(
        f"The {container} breaks the Pod Security Standard: {problem}"
        for pod in manifests.pods
        for container in pod.containers
        for problem in of_container(container, pod.spec.get("securityContext", {}))
    )


def of_container(container: Container, of_the_pod: dict[str, Any]) -> Iterator[str]:
    own = container.spec.get("securityContext", {})
    context = {**of_the_pod, **own}
    capabilities = own.get("capabilities", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") == 0:
        yield "write `runAsNonRoot: true` in its securityContext, and no user 0."
    if context.get("seccompProfile", {}).get("type") not in (
        "RuntimeDefault",
        "Localhost",
    ):
        yield "write `seccompProfile: { type: RuntimeDefault }` in its securityContext."
    if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
        yield "write `allowPrivilegeEscalation: false` in its securityContext."
    if "ALL" not in capabilities.get("drop", []):
        yield "write `capabilities: { drop: [ALL] }` in its securityContext."
    if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield "it may add no capability but NET_BIND_SERVICE."
    if any("hostPort" in port for port in container.spec.get("ports", [])):
        yield "remove `hostPort` from its ports."


def test_the_file_system_of_the_application_is_read_only(manifests: Manifests) -> None:
    report(
        f"Write `readOnlyRootFilesystem: true` in the securityContext of the {one} of "
        f"{manifests.overlay}."
        for one in manifests.app
        if one.spec.get("securityContext", {}).get("readOnlyRootFilesystem") is not True
    )


def test_every_written_path_has_a_volume(manifests: Manifests) -> None:
    """gunicorn's metrics and the worker's heartbeat are written to /tmp."""
    writable = {"emptyDir", "ephemeral", "persistentVolumeClaim"}
    report(
        f"Mount an emptyDir at /tmp of the {one}, whose root is read-only."
        for program in ("gunicorn", "celery")
        for one in manifests.running(program)
        if not any(
            Path(path) == Path("/", "tmp") and writable & volume.keys()
            for path, volume in one.mounts
        )
    )


def test_the_application_has_no_token_of_kubernetes(manifests: Manifests) -> None:
    accounts = manifests.of_kind("ServiceAccount")

    def has_token(pod: Pod) -> bool:
        account = accounts.get(pod.spec.get("serviceAccountName", "default"), {})
        default = account.get("automountServiceAccountToken", True)
        return bool(pod.spec.get("automountServiceAccountToken", default))

    report(
        f"Write `automountServiceAccountToken: false` in the pods of {one.pod} of "
        f"{manifests.overlay}: the application does not talk to Kubernetes."
        for one in manifests.app
        if has_token(one.pod)
    )


def test_user_is_numeric_for_run_as_non_root(manifests: Manifests) -> None:
    users = re.findall(r"^USER (\S+)", dockerfile(), re.MULTILINE)
    if users and re.fullmatch(r"\d+(:\d+)?", users[-1]):
        return
    report(
        f"Write `runAsUser:` in the securityContext of {one.pod}: the USER of the "
        "Dockerfile is not a number."
        for one in manifests.app
        if "runAsUser"
        not in {
            **one.pod.spec.get("securityContext", {}),
            **one.spec.get("securityContext", {}),
        }
    )


def test_containers_have_requests_and_limits(manifests: Manifests) -> None:
    """Without a limit, a memory leak in one affects the others on its node."""
    needed = [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")]
    report(
        f"Give the {container} `{what}` for {resource} under `resources`."
        for pod in manifests.pods
        for container in pod.containers
        for what, resource in needed
        if resource not in container.spec.get("resources", {}).get(what, {})
    )
