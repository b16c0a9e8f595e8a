"""Edits of `tracker/triggers.py`, "the file to change"."""

import re
from pathlib import Path

from tests.owner_edits.editing import append, delete_function, replace
from tests.owner_edits.registry import edit

RULES = Path("tracker/triggers.py")
SOURCES = Path("tracker/sources.py")
STEPS = Path("tracker/views/task_steps.py")
TESTS = (
    "tests/tracker/triggers",
    "tests/tracker/test_languages.py",
    "tests/tracker/test_sample_data.py",
    "tests/tracker/test_sources.py",
    "tests/tracker/views/test_task_steps.py",
    "tests/config/test_translations.py",
)


def function(text: str, name: str) -> str:
    """Return the source of a function, including the blank lines after it."""
    [found] = re.findall(rf"^def {name}\(.*?(?=^def |\Z)", text, re.MULTILINE | re.DOTALL)
    return found


def replace_in_rule(project: Path, rule: str, before: str, after: str) -> None:
    """Replace a text in one of the rules."""
    text = (project / RULES).read_text(encoding="utf-8")
    source = function(text, rule)
    assert source.count(before) == 1, f"{rule} has {source.count(before)} times: {before}"
    changed = text.replace(source, source.replace(before, after))
    (project / RULES).write_text(changed, encoding="utf-8")


@edit(*TESTS)
def other_wordings(project: Path) -> None:
    """Change titles and messages, and leave out the date in one of them."""
    replace_in_rule(project, "task_assigned", "Task assigned: {task}", "For you: {task}")
    replace_in_rule(project, "task_completed", "Task completed: {task}", "{task}: done!")
    replace_in_rule(
        project,
        "check_overdue_tasks",
        'format_lazy(_("Task was due {day}."), day=task.due_text)',
        '_("The team is waiting for you.")',
    )
    replace_in_rule(project, "report_ready", '_("Report ready")', '_("Here it is")')


@edit(*TESTS)
def other_levels(project: Path) -> None:
    """Make assignments and overdue tasks warnings."""
    replace_in_rule(project, "task_assigned", 'level="info"', 'level="warning"')
    replace_in_rule(project, "check_overdue_tasks", 'level="danger"', 'level="warning"')
    replace_in_rule(project, "report_ready", 'level="success"', 'level="info"')
    replace_in_rule(project, "comment_added", 'level="info"', 'level="success"')


@edit(*TESTS)
def more_recipients(project: Path) -> None:
    """Notify the whole team about comments, and the owner about overdue tasks."""
    replace_in_rule(
        project,
        "comment_added",
        """\
    involved = task.project.members.filter(
        Q(pk__in=[task.assignee_id, task.created_by_id])
        | Q(pk__in=task.comments.values("author"))
    )
    recipients = involved.exclude""",
        """\
    recipients = task.project.members.exclude""",
    )
    replace_in_rule(
        project,
        "check_overdue_tasks",
        "        if notify_user(\n",
        """\
        notify_user(
            task.project.owner,
            format_lazy(_("Your team is late: {task}"), task=task),
            level="info",
            **about(sources.DUE, task),
            deduplicate=True,
        )
        if notify_user(
""",
    )


@edit(
    "tests/tracker/triggers/test_check_overdue_tasks.py",
    says="milan was notified 0 time(s), not 1 with source",
)
def another_recipient_than_the_test_says(project: Path) -> None:
    """Notify only the owner about overdue tasks, and forget the rule's test."""
    replace_in_rule(
        project,
        "check_overdue_tasks",
        "            assignee,\n",
        "            task.project.owner,\n",
    )


@edit(*TESTS)
def rule_deleted(project: Path) -> None:
    """Notify nobody about reopened tasks."""
    text = (project / RULES).read_text(encoding="utf-8")
    replace(project / RULES, function(text, "task_reopened"), "")
    replace(
        project / STEPS,
        """\
    if task.reopen():
        triggers.task_reopened(task, by=request.user)
""",
        "    task.reopen()\n",
    )


RULE = '''

def task_started(task: Task, by: User) -> None:
    """Notify the creator that somebody is working on the task."""
    if task.created_by and task.created_by != by:
        notify_user(
            task.created_by,
            format_lazy(_("Task started: {task}"), task=task),
            format_lazy(_("{user} works on “{task}”."), user=by, task=task),
            level="info",
            **about(sources.STARTED, task),
        )
'''
TEST_OF_RULE = """\
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from themis.testing import assert_notified
from tracker import sources
from tracker.models import Task

pytestmark = pytest.mark.django_db


def test_on_the_page(member_client: Client, task: Task, owner: User) -> None:
    member_client.post(reverse("tracker:task-start", args=[task.pk]))

    assert_notified(owner, level="info", source=(sources.APP, sources.STARTED, task.pk))
"""


def add_rule(project: Path) -> None:
    append(project / RULES, RULE)
    replace(
        project / SOURCES,
        'ASSIGNED, DUE, PROGRESS, REVIEW = "Task.assigned", "Task", "Task.done", "Task.review"\n',
        'ASSIGNED, DUE, PROGRESS, REVIEW = "Task.assigned", "Task", "Task.done", "Task.review"\n'
        'STARTED = "Task.started"\n',
    )
    replace(
        project / STEPS,
        "    task.start()\n",
        "    if task.start():\n        triggers.task_started(task, by=request.user)\n",
    )


@edit(*TESTS)
def rule_added(project: Path) -> None:
    """Notify the creator of a task when somebody starts it."""
    add_rule(project)
    replace(
        project / SOURCES,
        "Task: [ASSIGNED, DUE, PROGRESS, REVIEW],",
        "Task: [ASSIGNED, DUE, PROGRESS, REVIEW, STARTED],",
    )
    append(project / "tests/tracker/triggers/test_task_started.py", TEST_OF_RULE)


@edit("tests/tracker/test_sources.py", says="Add STARTED to SOURCES in tracker/sources.py")
def rule_added_with_a_source_that_is_not_listed(project: Path) -> None:
    """Forget to list a source, so that its notifications outlive their object."""
    add_rule(project)


@edit(*TESTS)
def due_soon_is_three_days(project: Path) -> None:
    """Remind people three days before the due date."""
    file = project / "tracker/models/due_dates.py"
    replace(file, "DUE_SOON = timedelta(days=1)", "DUE_SOON = timedelta(days=3)")


@edit(*TESTS)
def condition_removed_with_its_test(project: Path) -> None:
    """Leave the reminders alone when a task is approved."""
    replace_in_rule(project, "request_approved", "    reminders_outdated(task)\n", "")
    file = project / "tests/tracker/triggers/test_request_approved.py"
    delete_function(file, "test_ends_the_reminders")
