from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from themis.models import Level, UserNotification, UserProfile
from tracker.management.commands import load_sample_data
from tracker.models import Comment, Project, Report, Status, Task

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


@pytest.fixture
def development(settings: Any) -> None:
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sample_data(development: None) -> None:
    call_command("load_sample_data", stdout=StringIO())


def test_load_sample_data_refuses_production(settings: Any) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="load them in development only"):
        call_command("load_sample_data")
    assert not User.objects.exists()


def test_load_sample_data_says_how_to_log_in(development: None) -> None:
    lines = output("load_sample_data").splitlines()

    assert lines == [
        "Loaded 6 people, 3 projects and 16 tasks.",
        "Everybody has the same password: amelie, joerg, priya, sofia, tadeo too.",
        "Log in as demo, password demo.",
    ]


def test_load_sample_data_again_changes_nothing(sample_data: None) -> None:
    models = [User, UserProfile, UserNotification, Project, Task, Comment, Report]
    before = [list(model._default_manager.values()) for model in models]

    assert output("load_sample_data").startswith("The sample data is there already.")
    assert [list(model._default_manager.values()) for model in models] == before


def test_sample_data_has_every_status(sample_data: None) -> None:
    assert set(Task.objects.values_list("status", flat=True)) == set(Status)


def test_sample_data_has_every_level(sample_data: None) -> None:
    demo = User.objects.get(username=load_sample_data.DEMO)
    unread = demo.notifications.unread()

    assert set(unread.values_list("level", flat=True)) == set(Level)


def test_sample_data_has_every_state(sample_data: None) -> None:
    demo = User.objects.get(username=load_sample_data.DEMO)

    assert demo.notifications.exclude(read_at=None).exists()
    assert demo.notifications.exclude(dismissed_at=None).exists()
    assert demo.notifications.expired(timezone.now()).exists()


def test_sample_profiles_are_valid(sample_data: None) -> None:
    for profile in UserProfile.objects.all():
        profile.full_clean()
    assert UserProfile.objects.values("date_format").distinct().count() > 4


def test_sample_respects_preferences(sample_data: None) -> None:
    """Tadeo has notifications off, Priya wants warnings at least."""
    tadeo = User.objects.get(username="tadeo")
    priya = User.objects.get(username="priya")

    assert not tadeo.notifications.exists()
    assert set(priya.notifications.values_list("level", flat=True)) <= {
        "warning",
        "danger",
    }


@pytest.mark.parametrize("url", ["/", "/tasks/", "/projects/", "/notifications/"])
def test_sample_pages(sample_data: None, client: Client, url: str) -> None:
    assert client.login(username="demo", password="demo")

    assert client.get(url).status_code == 200
