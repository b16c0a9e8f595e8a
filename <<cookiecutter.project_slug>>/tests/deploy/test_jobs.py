"""Jobs and CronJobs run commands that exist, and end."""

import os
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django.core.management import CommandError, get_commands, load_command_class

from tests.deploy.manifests import Container, Manifests
from tests.problems import report


def test_every_management_command_exists(manifests: Manifests) -> None:
    report(
        f"The {one} runs `{' '.join(one.words)}`, which {problem}"
        for one in manifests.running("manage.py")
        for problem in problems_of(one)
    )


def problems_of(container: Container) -> Iterator[str]:
    names = [word.rpartition("/")[2] for word in container.words]
    command, *options = container.words[names.index("manage.py") + 1 :] or [""]
    owner = get_commands().get(command)
    if owner is None:
        yield "is no management command: correct the name, or delete the object."
    elif isinstance(owner, str) and not any(c in "$;&|" for c in "".join(options)):
        parser = load_command_class(owner, command).create_parser("manage.py", command)
        try:
            parser.parse_args(options)
        except (CommandError, SystemExit):
            yield "has options that the command does not accept: correct them."


def test_jobs_run_a_command(manifests: Manifests) -> None:
    """components/app adds the container `app` to objects without a component label."""
    report(
        f"{one.pod} would run the default command of the image: give its container "
        f"{one.name} a command or, if it has another image, the {one.pod.kind} a label "
        f"`app.kubernetes.io/component: {one.pod.name}` in its own metadata."
        for one in manifests.app
        if not one.words and not one.ports
    )


def test_cronjobs_have_a_schedule(manifests: Manifests) -> None:
    report(
        f"CronJob/{name} has the schedule {one['spec']['schedule']}: write five "
        "fields, such as `30 3 * * *`."
        for name, one in manifests.of_kind("CronJob").items()
        if len(one["spec"]["schedule"].split()) != 5
        and not one["spec"]["schedule"].startswith("@")
    )


def test_cronjobs_have_an_existing_time_zone(manifests: Manifests) -> None:
    zones = available_timezones()
    report(
        f"CronJob/{name} has the time zone {zone}, which does not exist: write one "
        "such as Europe/Berlin."
        for name, one in manifests.of_kind("CronJob").items()
        if (zone := one["spec"].get("timeZone", "UTC")) not in zones | {"Etc/UTC"}
    )


def test_cronjobs_never_overlap(manifests: Manifests) -> None:
    report(
        f"Runs of CronJob/{name} may overlap: write `concurrencyPolicy: Forbid`."
        for name, one in manifests.of_kind("CronJob").items()
        if one["spec"].get("concurrencyPolicy", "Allow") == "Allow"
    )


def test_cronjobs_end(manifests: Manifests) -> None:
    """A run that hangs would keep all later ones from starting."""
    report(
        f"CronJob/{name} may hang forever: write `activeDeadlineSeconds:` under the "
        "`spec` of its `jobTemplate`."
        for name, one in manifests.of_kind("CronJob").items()
        if "activeDeadlineSeconds"
        not in {
            **one["spec"]["jobTemplate"]["spec"],
            **one["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        }
    )


def test_cronjobs_start_late_if_the_controller_is_busy(manifests: Manifests) -> None:
    report(
        f"CronJob/{name} may never start: Kubernetes checks every 10 seconds, so write "
        "`startingDeadlineSeconds: 60` or more."
        for name, one in manifests.of_kind("CronJob").items()
        if one["spec"].get("startingDeadlineSeconds", 60) <= 10
    )


def test_cronjobs_wait_for_the_migration(manifests: Manifests) -> None:
    """They may get a new version while its migration is still running."""
    waiting = [
        one.pod
        for one in manifests.running("manage.py")
        if {"wait", "--check"} & set(one.words)
        and one.spec in one.pod.spec.get("initContainers", [])
    ]
    report(
        f"{one.pod} may run before the tables that it needs exist: give it an init "
        "container that runs `manage.py migrations wait`, as "
        "deploy/k8s/components/app/cronjob.yaml does."
        for one in manifests.running("manage.py")
        if one.pod.kind == "CronJob" and one.pod not in waiting
    )


def test_migration_retries_transient_errors(manifests: Manifests) -> None:
    for name, spec in migrations(manifests):
        if spec.get("backoffLimit", 6) < 3 or ends_at_once(spec, os.EX_TEMPFAIL):
            report(
                [
                    f"Job/{name} fails when a table is locked, but has to retry when "
                    f"it exits with {os.EX_TEMPFAIL}: raise its `backoffLimit` to "
                    "3 or more, and correct its `podFailurePolicy`."
                ]
            )


def test_migration_with_a_bug_fails_immediately(manifests: Manifests) -> None:
    report(
        f"Job/{name} retries a migration that has a bug: write a "
        f"`podFailurePolicy` that fails it for exit codes other than {os.EX_TEMPFAIL}."
        for name, spec in migrations(manifests)
        if spec.get("backoffLimit", 6) > 0 and not ends_at_once(spec, 1)
    )


def migrations(manifests: Manifests) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Jobs whose exit code says whether a retry can help."""
    for one in manifests.running("manage.py", "migrations", "apply"):
        if job := manifests.of_kind("Job").get(one.pod.name):
            yield one.pod.name, job["spec"]


def ends_at_once(spec: dict[str, Any], code: int) -> bool:
    """Return whether the first rule about the exit code fails the Job."""
    for rule in spec.get("podFailurePolicy", {}).get("rules", []):
        about = rule.get("onExitCodes")
        if about and (code in about["values"]) == (about["operator"] == "In"):
            return bool(rule["action"] == "FailJob")
    return False
