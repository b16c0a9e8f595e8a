"""The clean-up finds every notification, since every source is listed."""

import ast
import inspect

import pytest

from tracker import sources, triggers
from tracker.models import Project, Task
from tracker.sources import SOURCES, about, notifications_about

LISTED = [source for names in SOURCES.values() for source in names]


def test_every_source_of_the_triggers_is_listed() -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(triggers)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "about"
    ]
    named = {getattr(sources, call.args[0].attr) for call in calls}

    assert named == {*LISTED}


def test_no_source_is_listed_twice() -> None:
    assert len({*LISTED}) == len(LISTED)


@pytest.mark.django_db
def test_about_leads_to_the_object(task: Task) -> None:
    assert about("Task.lost", task) == {
        "url": task.get_absolute_url(),
        "source_app": "tracker",
        "source_model": "Task.lost",
        "source_id": str(task.pk),
    }


@pytest.mark.django_db
def test_about_tells_keys_apart(project: Project) -> None:
    first, second = (about("Project", project, key) for key in ("a", "b"))

    assert first["source_id"] != second["source_id"]
    assert first["source_id"].startswith(f"{project.pk}:")


@pytest.mark.django_db
def test_notifications_about(task: Task, project: Project) -> None:
    other = Task.objects.create(project=project, title="Other", assignee=task.assignee)
    triggers.task_assigned(task)
    triggers.task_assigned(other)

    found = notifications_about(sources.ASSIGNED, task)
    assert [each.source_id for each in found] == [str(task.pk)]
