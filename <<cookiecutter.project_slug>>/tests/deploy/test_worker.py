"""The Celery worker has time to stop, and its probes check the file that it writes."""

import re
from pathlib import Path

import pytest

from tests.deploy.manifests import Manifests
from tests.problems import report

celery = pytest.importorskip("config.celery", reason="The project has no Celery.")
MARGIN = 10  # seconds


def test_tasks_have_time_to_finish(manifests: Manifests) -> None:
    soft = celery.app.conf.worker_soft_shutdown_timeout
    report(
        f"{one.pod} is killed after {grace} s, while Celery gives tasks {soft} to "
        f"finish: raise `terminationGracePeriodSeconds` to {soft + MARGIN} or more."
        for one in manifests.running("celery", "worker")
        for grace in [one.pod.spec.get("terminationGracePeriodSeconds", 30)]
        if grace < soft + MARGIN
    )


def test_sigterm_starts_the_soft_shutdown(manifests: Manifests) -> None:
    report(
        f"The {one} waits for its tasks without limit: set the variable "
        "REMAP_SIGTERM to SIGQUIT."
        for one in manifests.running("celery", "worker")
        if manifests.environment(one).get("REMAP_SIGTERM") != "SIGQUIT"
    )


def test_probes_check_the_heartbeat(manifests: Manifests) -> None:
    in_tmp = re.compile(str(Path("/", "tmp", r"([\w.-]+)")))
    report(
        f"The {probe} of {one.pod} checks {file}, which nothing writes: "
        f"config/celery.py writes {celery.HEARTBEAT.name}."
        for one in manifests.running("celery", "worker")
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        for word in one.spec.get(probe, {}).get("exec", {}).get("command", [])
        for file in in_tmp.findall(word)
        if file != celery.HEARTBEAT.name
    )


def test_long_tasks_do_not_run_twice() -> None:
    conf = celery.app.conf
    visibility = conf.broker_transport_options["visibility_timeout"]
    assert conf.task_soft_time_limit < conf.task_time_limit
    longest = max(conf.task_time_limit, celery.app.Task.retry_backoff_max)
    assert visibility > longest, "Raise visibility_timeout in config/ too."
