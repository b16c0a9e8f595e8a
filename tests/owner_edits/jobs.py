"""Edits of the manifests: schedules, and the worker."""

import shutil
from pathlib import Path

from tests.owner_edits.editing import append, objects, one_object, replace, set_variable
from tests.owner_edits.manifests import (
    BASE,
    COMPONENTS,
    LOCAL,
    PRODUCTION,
    TESTS,
    add_to_base,
)
from tests.owner_edits.registry import edit


@edit(TESTS)
def other_schedules(project: Path) -> None:
    """Choose schedules, a time zone for each, deadlines and a longer history."""
    with objects(project / BASE / "cronjobs.yaml") as jobs:
        clean_up, clear_sessions, send_digests = jobs
        send_digests["spec"]["schedule"] = "*/15 * * * *"
        clean_up["spec"].update(
            schedule="*/20 * * * 1-5",
            timeZone="America/New_York",
            successfulJobsHistoryLimit=5,
            failedJobsHistoryLimit=0,
        )
        clear_sessions["spec"].update(schedule="@weekly", startingDeadlineSeconds=600)
        clear_sessions["spec"]["jobTemplate"]["spec"].update(
            backoffLimit=0, activeDeadlineSeconds=60
        )


@edit(TESTS)
def other_cronjobs(project: Path) -> None:
    """Add a command with a CronJob, rename one, and delete one."""
    append(
        project / "accounts/management/commands/greet.py",
        """\
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Greet somebody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="you")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Hello, {options['name']}.")
""",
    )
    for folder in ("management", "management/commands"):
        (project / "accounts" / folder / "__init__.py").touch()
    with objects(project / BASE / "cronjobs.yaml") as jobs:
        spec = jobs[0]["spec"]
        pod = {"containers": [{"name": "app", "args": ["python", "manage.py", "greet"]}]}
        own = {**spec, "jobTemplate": {"spec": {"template": {"spec": pod}}}}
        jobs.append({**jobs[0], "metadata": {"name": "greet"}, "spec": own})
        jobs[0]["metadata"]["name"] = "clean-up"
        del jobs[1]


BACKUP = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
  labels: { app.kubernetes.io/component: backup }
spec:
  schedule: "0 1 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      activeDeadlineSeconds: 7200
      template:
        spec:
          restartPolicy: OnFailure
          securityContext:
            runAsNonRoot: true
            runAsUser: 70
            seccompProfile: { type: RuntimeDefault }
          containers:
            - name: dump
              image: postgres:18
              command: [pg_dump, --format=custom, --file=/backup/tasks]
              securityContext:
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL] }
              resources:
                requests: { cpu: 50m, memory: 64Mi }
                limits: { memory: 256Mi }
"""


@edit(TESTS)
def cronjob_of_another_image(project: Path) -> None:
    """Dump the database with PostgreSQL's tools."""
    add_to_base(project, "backup.yaml", BACKUP)


@edit(TESTS, says="a label `app.kubernetes.io/component: backup` in its own metadata.")
def cronjob_of_another_image_without_its_label(project: Path) -> None:
    """Forget the label that keeps the application's container away."""
    label = "  labels: { app.kubernetes.io/component: backup }\n"
    add_to_base(project, "backup.yaml", BACKUP.replace(label, ""))


@edit(TESTS, says="is no management command: correct the name, or delete the object.")
def cronjob_of_a_command_that_is_gone(project: Path) -> None:
    """Misspell a command."""
    replace(project / BASE / "cronjobs.yaml", "clearsessions", "clear_sessions")


@edit(TESTS, together=False)
def no_worker(project: Path) -> None:
    """Remove the Celery worker and its broker from the overlays."""
    for file in (PRODUCTION, LOCAL):
        with one_object(project / file) as kustomization:
            kustomization["components"].remove("../../components/worker")
    shutil.rmtree(project / COMPONENTS / "worker")
    set_variable(project / BASE / "settings.env", "CELERY_BROKER_URL_FILE", None)
