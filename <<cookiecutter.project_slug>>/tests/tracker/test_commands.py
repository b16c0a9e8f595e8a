from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone

from tracker.models import Task

pytestmark = pytest.mark.django_db


def output(*command: str) -> str:
    stdout = StringIO()
    call_command(*command, stdout=stdout)
    return stdout.getvalue()


def test_check_overdue(task: Task) -> None:
    Task.objects.update(due_date=timezone.localdate() - timedelta(days=3))

    assert output("check_overdue") == "Sent 1 overdue notification(s)\n"
    assert output("check_overdue") == "Sent 0 overdue notification(s)\n"


def test_check_due_soon(task: Task) -> None:
    Task.objects.update(due_date=timezone.localdate() + timedelta(days=1))

    assert output("check_due_soon") == "Sent 1 due-soon notification(s)\n"
    assert output("check_due_soon") == "Sent 0 due-soon notification(s)\n"


def test_cronjobs_run_the_checks() -> None:
    file = Path(__file__).parents[2] / "deploy/k8s/base/cronjobs-tracker.yaml"
    jobs = {
        job["metadata"]["name"]: job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        for job in yaml.safe_load_all(file.read_text())
    }
    assert {name: pod["containers"][0]["args"] for name, pod in jobs.items()} == {
        "check-overdue-tasks": ["python", "manage.py", "check_overdue"],
        "check-tasks-due-soon": ["python", "manage.py", "check_due_soon"],
    }
