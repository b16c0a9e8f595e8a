"""Edits that add pages and apps."""

import re
import shutil
from pathlib import Path

from tests.documents import run
from tests.owner_edits.editing import append, one_object, replace
from tests.owner_edits.registry import edit

FILES = Path(__file__).with_name("files")
BASE = Path("deploy/k8s/base")
ROUTES = ("tests/config/test_authorization.py",)


@edit("tests/invoices", "tests/config", "tests/deploy")
def app_of_ones_own(project: Path) -> None:
    """Add an app with everything: a model, a form with a date and money, pages, a signal, a
    command with a CronJob, a task, an API with a scope, a menu entry, tests."""
    shutil.copytree(FILES / "invoices", project / "invoices")
    shutil.copytree(FILES / "tests/invoices", project / "tests/invoices")
    settings = project / "config/settings.py"
    replace(settings, '    "tracker",\n', '    "invoices",\n    "tracker",\n')
    fill(project, "THEMIS_API_SCOPES", '"invoices:read": _("Read your invoices")')
    replace(
        project / "config/urls.py",
        '    path("", include("tracker.urls")),\n',
        '    path("", include("invoices.urls")),\n    path("", include("tracker.urls")),\n',
    )
    append(project / "templates/navigation.html", '{% include "invoices/navigation.html" %}\n')
    shutil.copy(FILES / "deploy/cronjobs-invoices.yaml", project / BASE)
    with one_object(project / BASE / "kustomization.yaml") as kustomization:
        kustomization["resources"].append("cronjobs-invoices.yaml")
    run(project, "python manage.py makemigrations invoices")


def fill(project: Path, name: str, item: str) -> None:
    """Add the first item to a setting that is an empty dictionary."""
    settings = project / "config/settings.py"
    [line] = re.findall(rf"^{name}.*{{}}$", settings.read_text(encoding="utf-8"), re.MULTILINE)
    replace(settings, line, line.replace("{}", f"{{\n    {item},\n}}"))


def add_view(project: Path, name: str, source: str, route: str) -> None:
    """Add a view to the app `accounts`."""
    append(project / "accounts/views.py", source)
    urls = project / "config/urls.py"
    replace(
        urls,
        "\nurlpatterns = [\n",
        f'\nfrom accounts import views\n\nurlpatterns = [\n    path("{route}", views.{name}),\n',
    )
    run(project, "ruff check --quiet --fix config/urls.py")


FOR_USERS = """\
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from themis.http import UserRequest


@login_required
def help_page(request: UserRequest) -> HttpResponse:
    return render(request, "help.html")
"""
FOR_ALL = """\
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "imprint.html")
"""
OF_AN_OBJECT = """\
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from themis.http import UserRequest
from tracker.models import Task


@login_required
def task_as_text(request: UserRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Task, pk=pk).title, content_type="text/plain")
"""
PAGE = '{% extends "base.html" %}{% block content %}<p>Here.</p>{% endblock %}\n'


@edit(*ROUTES)
def page_for_users(project: Path) -> None:
    """Add a page that requires users to sign in."""
    add_view(project, "help_page", FOR_USERS, "help/")
    append(project / "templates/help.html", PAGE)


@edit(*ROUTES, together=False)
def public_page(project: Path) -> None:
    """Add a public page, and declare it."""
    add_view(project, "imprint", FOR_ALL, "imprint/")
    append(project / "templates/imprint.html", PAGE)
    append(
        project / "tests/accounts/authorization.py",
        '\nEXPECTED["imprint/"] = {"GET": everybody(200), "POST": everybody(200)}\n',
    )


@edit(ROUTES[0], says='add "imprint/" to EXPECTED in tests/accounts/authorization.py')
def public_page_without_an_expectation(project: Path) -> None:
    """Add a public page, and forget to declare it."""
    add_view(project, "imprint", FOR_ALL, "imprint/")
    append(project / "templates/imprint.html", PAGE)


@edit(ROUTES[0], says='add "text/<int:pk>/" to EXPECTED in tests/accounts/authorization.py')
def page_of_an_object_without_an_expectation(project: Path) -> None:
    """Show everybody's tasks to everybody."""
    add_view(project, "task_as_text", OF_AN_OBJECT, "text/<int:pk>/")


@edit(ROUTES[0], says="GET /tasks/<int:pk>/: other user is answered 200, not 404")
def page_that_forgets_whose_an_object_is(project: Path) -> None:
    """Let every user read every task."""
    file = project / "tracker/views/lookups.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("Task.objects.for_user(user).select", "Task.objects.select"),
        encoding="utf-8",
    )


@edit(*ROUTES)
def operation_of_the_api(project: Path) -> None:
    """Add an operation with its scope, and nothing else."""
    append(
        project / "accounts/api.py",
        """\
from ninja import Router

from themis.api import APIKeyAuth, APIRequest

router = Router()


@router.get("/{int:id}", auth=APIKeyAuth("notifications:read"))
def echo(request: APIRequest, id: int) -> int:
    return id
""",
    )
    file = project / "accounts/apps.py"
    append(
        file,
        """\
        from themis.api import api

        api.add_router("/echo", "accounts.api.router")
""",
    )


@edit("tests/config/test_security.py")
def health_check_of_ones_own(project: Path) -> None:
    """Add a health check of the disk."""
    append(
        project / "accounts/health.py",
        """\
import shutil


def check_disk() -> None:
    if shutil.disk_usage("/").free < 1:
        raise RuntimeError("The disk is full.")
""",
    )
    fill(project, "THEMIS_HEALTH_CHECKS", '"disk": "accounts.health.check_disk"')
