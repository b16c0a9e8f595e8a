"""The generated example: properties that its owner may change, but the template may not."""

import ast
import shutil
from pathlib import Path

import pytest

from tests.documents import copy_of_project, run
from tests.generate import PROJECT_FOLDER

IN_TEST = """\
import pytest
from django.core.management import call_command

from accounts.models import User
from themis.models import Level, UserNotification, UserProfile
from tracker import triggers
from tracker.models import Status, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("load_sample_data", verbosity=0)
    return User.objects.get(username="demo")


def test_sample_data_shows_everything(demo):
    assert set(Task.objects.values_list("status", flat=True)) == set(Status)
    assert set(demo.notifications.unread().values_list("level", flat=True)) == set(Level)
    assert demo.notifications.exclude(read_at=None).exists()
    assert demo.notifications.exclude(dismissed_at=None).exists()
    assert demo.notifications.exclude(expires_at=None).exists()
    assert UserProfile.objects.values("date_format").distinct().count() > 4
    for profile in UserProfile.objects.all():
        profile.full_clean()


def test_sample_people_have_their_preferences(demo):
    tadeo, priya = (User.objects.get(username=name) for name in ("tadeo", "priya"))
    assert not tadeo.notifications.exists()
    levels = set(priya.notifications.values_list("level", flat=True))
    assert levels <= {Level.WARNING, Level.DANGER}


@pytest.mark.parametrize(
    "rule", ["task_assigned", "check_overdue_tasks", "report_ready"]
)
def test_texts_differ_in_each_language(rule):
    from tests.tracker.test_languages import EVENTS, LANGUAGES
    from tracker.models import Project

    owner, reader = (User.objects.create_user(name) for name in ("olga", "milan"))
    project = Project.objects.create(name="Launch", owner=owner)
    project.members.set([owner, reader])
    task = Task.objects.create(project=project, title="Deploy", assignee=reader)
    titles = set()
    for language in LANGUAGES:
        UserNotification.objects.all().delete()
        UserProfile.objects.update(language=language)
        fresh = Task.objects.get(pk=task.pk)
        EVENTS[rule](fresh, User.objects.get(pk=reader.pk))
        titles |= set(UserNotification.objects.values_list("title", flat=True))
    assert len(titles) == len(LANGUAGES) == 3
"""


@pytest.mark.parametrize("folder", ["accounts", "config", "themis"])
def test_nothing_else_imports_it(folder: str) -> None:
    """This is what makes it removable."""
    files = list((PROJECT_FOLDER / folder).rglob("*.py"))
    imported = {
        (file.name, name)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert files
    assert [found for found in imported if found[1].partition(".")[0] == "tracker"] == []


def test_it_shows_all_that_there_is(project: Path, tmp_path: Path) -> None:
    copy = copy_of_project(project, tmp_path / "project")
    (copy / "tests/test_as_generated.py").write_text(IN_TEST, encoding="utf-8")
    run(copy, "pytest -q -p no:cacheprovider tests/test_as_generated.py")


def test_account_pages_use_one_vocabulary(project: Path, tmp_path: Path) -> None:
    copy = copy_of_project(project, tmp_path / "project")
    wording = Path(__file__).with_name("wording_of_accounts.py")
    shutil.copy(wording, copy / "tests/accounts/test_wording.py")
    run(copy, "pytest -q -p no:cacheprovider -n0 tests/accounts/test_wording.py")
