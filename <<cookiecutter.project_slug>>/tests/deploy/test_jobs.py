"""Jobs and CronJobs run commands that exist, and end."""

from collections.abc import Iterator
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
            yield "has an option that the command does not know: correct it."


def test_jobs_run_a_command(manifests: Manifests) -> None:
    """components/app adds the container `app` to whatever has no label of its own."""
    report(
        f"{one.pod} would run what the image runs by itself: give its container "
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


def test_cronjobs_keep_to_a_time_zone_that_exists(manifests: Manifests) -> None:
    zones = available_timezones()
    report(
        f"CronJob/{name} has the time zone {zone}, which does not exist: write one "
        "such as Europe/Berlin."
        for name, one in manifests.of_kind("CronJob").items()
        if (zone := one["spec"].get("timeZone", "UTC")) not in zones | {"Etc/UTC"}
    )


def test_cronjobs_never_overlap(manifests: Manifests) -> None:
    report(
        f"CronJob/{name} may run beside itself: write `concurrencyPolicy: Forbid`."
        for name, one in manifests.of_kind("CronJob").items()
        if one["spec"].get("concurrencyPolicy", "Allow") == "Allow"
    )


def test_cronjobs_end(manifests: Manifests) -> None:
    """One that hangs would keep all later ones from starting."""
    report(
        f"CronJob/{name} may hang for ever: write `activeDeadlineSeconds:` under the "
        "`spec` of its `jobTemplate`."
        for name, one in manifests.of_kind("CronJob").items()
        if "activeDeadlineSeconds"
        not in {
            **one["spec"]["jobTemplate"]["spec"],
            **one["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        }
    )


def test_cronjobs_start_although_the_controller_is_busy(manifests: Manifests) -> None:
    report(
        f"CronJob/{name} may never start: Kubernetes looks every 10 seconds, so write "
        "`startingDeadlineSeconds: 60` or more."
        for name, one in manifests.of_kind("CronJob").items()
        if one["spec"].get("startingDeadlineSeconds", 60) <= 10
    )


def test_a_migration_that_gives_up_a_lock_tries_again(manifests: Manifests) -> None:
    for one in manifests.running("manage.py", "migrate"):
        options = manifests.environment(one).get("PGOPTIONS") or ""
        job = manifests.of_kind("Job").get(one.pod.name, {"spec": {}})
        if "lock_timeout" in options and job["spec"].get("backoffLimit", 6) < 3:
            report(
                [
                    f"{one.pod} gives up when a table is locked, and has to try again: "
                    "raise its `backoffLimit` to 3 or more."
                ]
            )
