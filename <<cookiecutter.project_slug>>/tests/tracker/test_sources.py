"""Deleting an object deletes its notifications, because every source is listed."""

import ast
import inspect

import pytest

from themis.notifications import notify_user
from tracker import sources, triggers
from tracker.models import Project, Task
from tracker.sources import SOURCES, about, notifications_about

LISTED = [source for names in SOURCES.values() for source in names]


def named() -> set[str]:
    """Return the constants of `tracker.sources` that the rules pass to `about()`."""
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(triggers)))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("about")
    ]
    return {
        call.args[0].attr for call in calls if isinstance(call.args[0], ast.Attribute)
    }


@pytest.mark.parametrize("name", sorted(named()))
def test_source_is_listed(name: str) -> None:
    if getattr(sources, name) not in LISTED:
        pytest.fail(
            f"Add {name} to SOURCES in tracker/sources.py: its notifications outlive "
            "their object.",
            pytrace=False,
        )


def test_no_source_is_listed_twice() -> None:
    assert len({*LISTED}) == len(LISTED)


@pytest.mark.django_db
def test_about_leads_to_the_object(task: Task) -> None:
    assert about("Task.lost", task) == {
        "url": task.get_absolute_url(),
        "source_app": sources.APP,
        "source_model": "Task.lost",
        "source_id": str(task.pk),
    }


@pytest.mark.django_db
def test_about_distinguishes_keys(project: Project) -> None:
    first, second = (about("Project", project, key) for key in ("a", "b"))

    assert first["source_id"] != second["source_id"]
    assert first["source_id"].startswith(f"{project.pk}:")


@pytest.mark.django_db
def test_notifications_about(task: Task, project: Project) -> None:
    assignee = task.assignee
    for each in (task, Task.objects.create(project=project, title="Other")):
        notify_user(assignee, "Overdue", **about(sources.DUE, each))

    found = notifications_about(sources.DUE, task)
    assert [each.source_id for each in found] == [str(task.pk)]
