from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from themis.models import Level, UserNotification, UserProfile
from tracker.models import Comment, Project, Report, Status, Task
from tracker.sample_data.data import DEMO, PEOPLE

pytestmark = pytest.mark.django_db


def output() -> str:
    stdout = StringIO()
    call_command("load_sample_data", stdout=stdout)
    return stdout.getvalue()


@pytest.fixture
def development(settings: Settings) -> None:
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sample_data(development: None) -> None:
    output()


def test_load_sample_data_refuses_production(settings: Settings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="load them in development only"):
        call_command("load_sample_data")
    assert not User.objects.exists()


def test_load_sample_data_says_how_to_log_in(development: None) -> None:
    """`make demo` shows the last line."""
    *lines, last = output().splitlines()

    assert last == f"Log in as {DEMO}, password {DEMO}."
    assert all(person.username in "".join(lines) for person in PEOPLE[1:])


def test_load_sample_data_again_changes_nothing(sample_data: None) -> None:
    models = [User, UserProfile, UserNotification, Project, Task, Comment, Report]
    before = [list(model._default_manager.values()) for model in models]

    assert output().startswith("The sample data is there already.")
    assert [list(model._default_manager.values()) for model in models] == before


def test_sample_data_has_every_status(sample_data: None) -> None:
    assert set(Task.objects.values_list("status", flat=True)) == set(Status)


def test_sample_data_has_every_level(sample_data: None) -> None:
    demo = User.objects.get(username=DEMO)
    unread = demo.notifications.unread()

    assert set(unread.values_list("level", flat=True)) == set(Level)


def test_sample_data_has_every_state(sample_data: None) -> None:
    demo = User.objects.get(username=DEMO)

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
