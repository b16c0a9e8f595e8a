"""A new version takes over without an interruption, and a node can be drained."""

import math
from typing import Any

from tests.deploy import server
from tests.deploy.manifests import Manifests
from tests.deploy.routes import targets
from tests.deploy.selectors import selects
from tests.problems import report

SERVICE_FORGETS = 5  # seconds until every proxy knows that a pod is stopping
MARGIN = 5  # seconds
BALANCER_IDLE = 60  # seconds, at least: AWS and nginx


def test_all_run_the_same_version(manifests: Manifests) -> None:
    """The migration, the web server and the Jobs share tables."""
    images = {str(one.spec["image"]) for one in manifests.app}
    names = {image.partition("@")[0] for image in images}
    by_name = {name.rpartition(":")[0] or name: name for name in sorted(names)}
    if len(images) > len(by_name):
        report(
            [
                f"{manifests.overlay} runs several versions of one image, "
                f"{', '.join(sorted(images))}: name one under `images` in "
                f"{manifests.file}."
            ]
        )


def test_production_runs_a_digest(manifests: Manifests) -> None:
    """A tag can move, and then two pods of one Deployment run different images."""
    report(
        f"{manifests.file} runs {one.spec['image']} by its tag, which can move: "
        "under `images`, write `digest: sha256:…` instead of `newTag`."
        for one in manifests.app
        if manifests.overlay.startswith("prod") and "@sha256:" not in one.spec["image"]
    )


def test_rollout_keeps_serving_pods(manifests: Manifests) -> None:
    served = {
        str(target.pod)
        for service in manifests.of_kind("Service").values()
        for target in targets(manifests, service)
    }
    report(
        f"A rollout of {pod} stops all pods at once: write `maxUnavailable: 0` under "
        "`strategy`, `rollingUpdate`."
        for pod in manifests.pods
        if pod.kind == "Deployment" and str(pod) in served
        for strategy in [manifests.spec_of(pod).get("strategy", {})]
        if strategy.get("type") == "Recreate"
        or unavailable(strategy, manifests.fewest(pod)) >= manifests.fewest(pod)
    )


def unavailable(strategy: dict[str, Any], pods: int) -> int:
    """Return how many pods a rollout may stop: a quarter by default."""
    limit = strategy.get("rollingUpdate", {}).get("maxUnavailable", "25%")
    return share(limit, pods, math.floor)


def share(limit: str | int, pods: int, round_off: Any) -> int:
    if isinstance(limit, str):
        return int(round_off(pods * int(limit.removesuffix("%")) / 100))
    return limit


def test_requests_have_time_to_finish(manifests: Manifests) -> None:
    for one in manifests.running("gunicorn"):
        grace = one.pod.spec.get("terminationGracePeriodSeconds", 30)
        needed = (
            server.stop_delay(one) + server.graceful_timeout(manifests, one) + MARGIN
        )
        if needed > grace:
            report(
                [
                    f"{one.pod} is killed after {grace} s, while preStop and "
                    f"gunicorn's graceful_timeout take {needed:g}: raise "
                    "`terminationGracePeriodSeconds`."
                ]
            )


def test_stopping_pod_drains_first(manifests: Manifests) -> None:
    """Requests stop arriving before it stops accepting connections."""
    for one in manifests.running("gunicorn"):
        drain = server.configuration(manifests, one).get("DRAIN_SECONDS", 0)
        assert isinstance(drain, int | float)
        if server.stop_delay(one) + drain < SERVICE_FORGETS:
            report(
                [
                    f"{one.pod} stops while it still gets requests: write `preStop: {{ "
                    "sleep: { seconds: 5 } }` under `lifecycle`."
                ]
            )


def test_keep_alive_exceeds_the_proxys(manifests: Manifests) -> None:
    """Otherwise a load balancer uses one that is being closed, and answers 502."""
    report(
        f"gunicorn closes an idle connection of {one.pod} after {seconds:g} s, while a "
        f"load balancer keeps it for {BALANCER_IDLE} s or more: raise `keepalive` in "
        "gunicorn.conf.py above that of yours."
        for one in manifests.running("gunicorn")
        if (seconds := server.keepalive(manifests, one)) <= BALANCER_IDLE
    )


def test_no_budget_blocks_a_drain(manifests: Manifests) -> None:
    report(
        f"PodDisruptionBudget/{name} keeps every pod of {pod}, so that no node can be "
        "drained: write `maxUnavailable: 1`."
        for name, budget in manifests.of_kind("PodDisruptionBudget").items()
        for pod in manifests.pods
        if selects(budget["spec"]["selector"], pod.labels)
        and evictable(budget["spec"], manifests.fewest(pod)) < 1
    )


def evictable(spec: dict[str, Any], pods: int) -> int:
    if "minAvailable" in spec:
        return pods - share(spec["minAvailable"], pods, math.ceil)
    return share(spec.get("maxUnavailable", 0), pods, math.ceil)


def test_autoscaler_has_a_target(manifests: Manifests) -> None:
    known = {pod.name for pod in manifests.pods}
    kinds = ("HorizontalPodAutoscaler", "ScaledObject")
    report(
        f"{one['kind']}/{name} scales {target}, which does not exist: correct its "
        "scaleTargetRef, or delete it."
        for name, one in manifests.of_kind(*kinds).items()
        if (target := one["spec"]["scaleTargetRef"]["name"]) not in known
    )


def test_autoscaled_workloads_set_no_replicas(manifests: Manifests) -> None:
    report(
        f"Applying this would undo the autoscaler: remove `replicas` from {pod}."
        for pod in manifests.pods
        if manifests.scaler(pod) and "replicas" in manifests.spec_of(pod)
    )


def test_autoscaler_has_requests_to_measure(manifests: Manifests) -> None:
    """It scales by a share of the requests, so every container needs one."""
    report(
        f"HorizontalPodAutoscaler/{name} measures {resource}: give the {container} a "
        "request for it."
        for pod in manifests.pods
        if (scaler := manifests.scaler(pod))
        and (name := scaler["metadata"]["name"])
        and scaler["kind"] == "HorizontalPodAutoscaler"
        for metric in scaler["spec"].get("metrics", [])
        if (resource := metric.get("resource", {}).get("name"))
        and metric["resource"]["target"]["type"] == "Utilization"
        for container in pod.containers
        if resource not in container.spec.get("resources", {}).get("requests", {})
    )
