"""Edits of the example: models, forms, pages and the rest."""

import re
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, delete_function, replace
from tests.owner_edits.registry import edit

TASK = Path("tracker/models/task.py")
FORMS = Path("tracker/forms.py")
TESTS = ("tests/tracker", "tests/config/test_translations.py")
WITH_ROUTES = (*TESTS, "tests/config/test_authorization.py")
VIEWS = ("tests/tracker/views", "tests/tracker/triggers")


@edit(*TESTS)
def required_fields_added(project: Path) -> None:
    """Give tasks a priority, which has a default, and a budget, which is required."""
    replace(
        project / TASK,
        "    assignee = models.ForeignKey(\n",
        """\
    priority = models.CharField(
        _("priority"),
        max_length=8,
        choices={"low": _("Low"), "high": _("High")},
        default="low",
    )
    budget = models.DecimalField(
        _("budget"), max_digits=9, decimal_places=2, null=True
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approver"),
    )
    assignee = models.ForeignKey(
""",
    )
    replace(
        project / FORMS,
        'fields = ("title", "description", "assignee", "due_date", "due_time")\n'
        '        field_classes = {"due_date": DateField, "due_time": TimeField}',
        "fields = (\n"
        '            "title",\n'
        '            "description",\n'
        '            "assignee",\n'
        '            "due_date",\n'
        '            "due_time",\n'
        '            "priority",\n'
        '            "budget",\n'
        "        )\n"
        "        field_classes = {\n"
        '            "due_date": DateField,\n'
        '            "due_time": TimeField,\n'
        '            "budget": MoneyField,\n'
        "        }",
    )
    replace(
        project / FORMS,
        "    DateTimeTextInput,\n",
        "    DateTimeTextInput,\n    MoneyField,\n",
    )
    replace(
        project / "tracker/admin.py",
        '("project", "assignee", "created_by", "review_requested_by")',
        '("project", "assignee", "approver", "created_by", "review_requested_by")',
    )
    run(project, "python manage.py makemigrations tracker --name own_fields")


@edit(
    "tests/tracker/test_admin.py",
    says='Add "approver" to autocomplete_fields of TaskAdmin in tracker/admin.py',
)
def relation_that_the_admin_lists_in_a_select(project: Path) -> None:
    """Add a relation, and forget the admin."""
    replace(
        project / TASK,
        "    due_date = models",
        "    approver = models.ForeignKey(\n"
        "        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True\n"
        "    )\n"
        "    due_date = models",
    )


@edit(*WITH_ROUTES, together=False)
def field_removed(project: Path) -> None:
    """Remove the description of tasks."""
    text = (project / TASK).read_text(encoding="utf-8")
    field = r"    description = models\.TextField\(\n.*\n    \)\n"
    for part in re.findall(rf"{field}| *lengths\.at_most\(.*\n|from .* import lengths\n", text):
        replace(project / TASK, part, "")
    replace(project / TASK, " | Q(description__icontains=text)", "")
    text = (project / FORMS).read_text(encoding="utf-8")
    [part] = re.findall(r'"title",(\s+"description",)', text)
    replace(project / FORMS, part, "")
    replace(project / FORMS, '            "description": forms.Textarea(attrs={"rows": 5}),\n', "")
    replace(
        project / "tracker/admin.py",
        '    search_fields = ("title", "description")\n',
        '    search_fields = ("title",)\n',
    )
    export = project / "tracker/export.py"
    replace(export, '            _("Description"),\n', "")
    replace(export, "                _as_text(task.description),\n", "")
    page = project / "tracker/templates/tracker/task_detail.html"
    text = page.read_text(encoding="utf-8")
    [part] = re.findall(r" *{% if task\.description %}.*?{% endif %}\n", text, re.DOTALL)
    replace(page, part, "")
    delete_function(
        project / "tests/tracker/views/test_task_list.py", "test_search_in_the_description"
    )
    run(project, "python manage.py makemigrations tracker --name no_description")


@edit(*WITH_ROUTES, together=False)
def model_renamed(project: Path) -> None:
    """Rename comments to remarks, in code and tests."""
    for folder in ("tracker", "tests/tracker"):
        for file in (project / folder).rglob("*"):
            if file.suffix in {".py", ".html"} and "migrations" not in file.parts:
                text = file.read_text(encoding="utf-8")
                text = re.sub(r"\bComment(?=Form|Admin|QuerySet|\b)", "Remark", text)
                text = text.replace("admin:tracker_comment", "admin:tracker_remark")
                file.write_text(text, encoding="utf-8")
    append(
        project / "tracker/migrations/0002_remark.py",
        """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [migrations.RenameModel("Comment", "Remark")]
""",
    )


@edit(*WITH_ROUTES)
def other_redirects(project: Path) -> None:
    """Return to the list after completing or deleting a task."""
    steps = project / "tracker/views/task_steps.py"
    replace(
        steps,
        """\
    messages.success(request, _("Task completed."))
    return redirect(task)
""",
        """\
    messages.success(request, _("Well done."))
    return redirect("tracker:task-list")
""",
    )
    replace(
        project / "tracker/views/tasks.py",
        "    return redirect(task.project)\n",
        '    return redirect("tracker:task-list")\n',
    )


@edit(*WITH_ROUTES)
def page_removed(project: Path) -> None:
    """Remove the page that deletes projects, and its test."""
    replace(
        project / "tracker/urls.py",
        '    path("projects/<int:pk>/delete/", projects.project_delete, name="project-delete"),\n',
        "",
    )
    views = project / "tracker/views/projects.py"
    delete_function(views, "project_delete")
    (project / "tracker/templates/tracker/project_delete.html").unlink()
    page = project / "tracker/templates/tracker/project_detail.html"
    text = page.read_text(encoding="utf-8")
    [link] = re.findall(r" *<a [^>]*tracker:project-delete.*</a>\n", text)
    replace(page, link, "")
    delete_function(project / "tests/tracker/views/test_projects.py", "test_delete_project")


@edit(*TESTS)
def another_path_for_a_page(project: Path) -> None:
    """List the tasks at another path."""
    replace(project / "tracker/urls.py", 'path("tasks/", tasks', 'path("todo/", tasks')


@edit(*TESTS)
def column_in_the_export(project: Path) -> None:
    """Add the creator as the first column of the exported file."""
    file = project / "tracker/export.py"
    replace(
        file, '            _("Number"),\n', '            _("Made by"),\n            _("Number"),\n'
    )
    replace(
        file,
        "                task.pk,\n",
        '                _as_text(str(task.created_by or "")),\n                task.pk,\n',
    )


@edit(*TESTS)
def other_help_texts_and_labels(project: Path) -> None:
    """Reword the help of a field, a status and a command."""
    replace(
        project / FORMS,
        "Their unfinished tasks will be unassigned.",
        "Whoever is to see the project no more.",
    )
    replace(project / TASK, '_("In progress")', '_("Under way")')
    command = project / "tracker/management/commands/check_overdue.py"
    replace(command, "Send notifications for overdue tasks", "Runs every day at eight.")
    replace(command, "Sent {sent} overdue notification(s)", "{sent} reminded.")
    run(project, "python manage.py makemigrations tracker --name wordings")
    run(project, "ruff format --quiet .")


@edit(*TESTS)
def other_sample_data(project: Path) -> None:
    """Rename somebody in the sample team."""
    file = project / "tracker/sample_data/data.py"
    replace(file, '"Dana", "Novák"', '"Noor", "Haddad"')


@edit(*TESTS)
def smaller_pages(project: Path) -> None:
    """Show ten rows per page, and keep two reports."""
    replace(project / "tracker/views/lookups.py", "PAGE_SIZE = 25", "PAGE_SIZE = 10")
    replace(project / "tracker/models/report.py", "KEPT_REPORTS = 5", "KEPT_REPORTS = 2")
