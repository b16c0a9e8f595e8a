"""The tracker's pages. A view finds what its user may see, calls one verb, and leaves
it to `tracker/triggers.py` whom to tell."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from tracker import triggers
from tracker.forms import (
    AnnouncementForm,
    CommentForm,
    ProjectForm,
    TaskFilterForm,
    TaskForm,
)
from tracker.models import Project, Report, Status, Task, TaskQuerySet
from tracker.tasks import announce_to_team, build_report

PAGE_SIZE = 25


class UserRequest(HttpRequest):
    """What a view below `@login_required` gets."""

    user: User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the user has to do, or a welcome."""
    if not request.user.is_authenticated:
        return render(request, "tracker/welcome.html")
    mine = _tasks(request.user).unfinished().filter(assignee=request.user)
    to_approve = _tasks(request.user).filter(
        project__owner=request.user, status=Status.IN_REVIEW
    )
    context = {
        "tasks": mine.by_due_date()[:PAGE_SIZE],
        "to_approve": to_approve.by_due_date()[:PAGE_SIZE],
        "projects": Project.objects.for_user(request.user),
    }
    return render(request, "tracker/home.html", context)


# Tasks


@login_required
@require_safe
def task_list(request: UserRequest) -> HttpResponse:
    form = TaskFilterForm(request.GET, user=request.user)
    tasks = form.filtered(_tasks(request.user)).by_due_date()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(tasks, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "is_filtered": any(form.cleaned_data.values()),
        "projects": Project.objects.for_user(request.user),
    }
    return render(request, "tracker/task_list.html", context)


@login_required
@require_safe
def task_detail(request: UserRequest, pk: int) -> HttpResponse:
    return _task_page(request, _task(request, pk), CommentForm())


@login_required
@require_http_methods(["GET", "POST"])
def task_create(request: UserRequest, pk: int) -> HttpResponse:
    task = Task(project=_project(request, pk), created_by=request.user)
    return _edit_task(request, task, _("Task created."))


@login_required
@require_http_methods(["GET", "POST"])
def task_edit(request: UserRequest, pk: int) -> HttpResponse:
    return _edit_task(request, _task(request, pk), _("Task saved."))


@login_required
@require_http_methods(["GET", "POST"])
def task_delete(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if request.method == "POST":
        task.delete()
        messages.success(request, _("Task deleted."))
        return redirect(task.project)
    return render(request, "tracker/task_delete.html", {"task": task})


@login_required
@require_POST
def task_start(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    task.start()
    messages.success(request, _("Task started."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def task_complete(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if task.complete():
        triggers.task_completed(task, by=request.user)
    messages.success(request, _("Task completed."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def task_reopen(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if task.reopen():
        triggers.task_reopened(task, by=request.user)
    messages.success(request, _("Task reopened."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def request_review(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if task.request_review(by=request.user):
        triggers.review_requested(task, by=request.user)
    messages.success(request, _("Review requested."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def approve_request(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    _must_own(request, task.project)
    if task.approve():
        triggers.request_approved(task, by=request.user)
    messages.success(request, _("Request approved."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def comment_create(request: UserRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _task_page(request, task, form)
    form.instance.task, form.instance.author = task, request.user
    comment = form.save()
    triggers.comment_added(comment)
    return redirect(comment)


# Projects


@login_required
@require_safe
def project_list(request: UserRequest) -> HttpResponse:
    projects = Project.objects.for_user(request.user).select_related("owner")
    open_tasks = Count("tasks", filter=~Q(tasks__status=Status.DONE))
    context = {"projects": projects.annotate(open_tasks=open_tasks)}
    return render(request, "tracker/project_list.html", context)


@login_required
@require_safe
def project_detail(request: UserRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    tasks = project.tasks.unfinished().select_related("assignee").by_due_date()
    context = {
        "project": project,
        "tasks": tasks[:PAGE_SIZE],
        "members": project.members.order_by("username"),
        "reports": project.reports.for_user(request.user).defer("content"),
        "is_owner": project.is_owned_by(request.user),
        "announcement_form": AnnouncementForm(),
    }
    return render(request, "tracker/project_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def project_create(request: UserRequest) -> HttpResponse:
    return _edit_project(request, Project(owner=request.user), _("Project created."))


@login_required
@require_http_methods(["GET", "POST"])
def project_edit(request: UserRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    _must_own(request, project)
    return _edit_project(request, project, _("Project saved."))


@login_required
@require_http_methods(["GET", "POST"])
def project_delete(request: UserRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    _must_own(request, project)
    if request.method == "POST":
        project.delete()
        messages.success(request, _("Project deleted."))
        return redirect("tracker:project-list")
    return render(request, "tracker/project_delete.html", {"project": project})


@login_required
@require_POST
@transaction.atomic
def announce(request: UserRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = AnnouncementForm(request.POST)
    if form.is_valid():
        announce_to_team.delay(project.pk, form.cleaned_data["text"], request.user.pk)
        messages.success(request, _("The team is told."))
    else:
        messages.error(request, _("Write what the team should know."))
    return redirect(project)


# Reports


@login_required
@require_POST
@transaction.atomic
def report_request(request: UserRequest, pk: int) -> HttpResponse:
    """Asking again while a report is being made starts its task again, in case that it
    was lost, instead of making another report."""
    wanted = {"project": _project(request, pk), "requested_by": request.user}
    unfinished = Report.objects.filter(ready_at=None, **wanted)
    report = unfinished.first() or Report.objects.create(**wanted)
    transaction.on_commit(partial(build_report.delay, report.pk))
    messages.success(request, _("You get a notification when the report is ready."))
    return redirect(report)


@login_required
@require_safe
def report_detail(request: UserRequest, pk: int) -> HttpResponse:
    context = {"report": _report(request, pk)}
    return render(request, "tracker/report_detail.html", context)


@login_required
@require_safe
def report_download(request: UserRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    if not report.is_ready:
        raise Http404
    # Spreadsheets take UTF-8 for something else without the byte order mark.
    return HttpResponse(
        report.content.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="tasks-{report.pk}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


# What belongs to others is not there


def _tasks(user: User) -> TaskQuerySet:
    return Task.objects.for_user(user).select_related("project", "assignee")


def _task(request: UserRequest, pk: int) -> Task:
    related = ("project__owner", "assignee", "created_by", "review_requested_by")
    tasks = Task.objects.for_user(request.user).select_related(*related)
    return get_object_or_404(tasks, pk=pk)


def _project(request: UserRequest, pk: int) -> Project:
    projects = Project.objects.for_user(request.user).select_related("owner")
    return get_object_or_404(projects, pk=pk)


def _report(request: UserRequest, pk: int) -> Report:
    reports = Report.objects.for_user(request.user).select_related("project")
    return get_object_or_404(reports, pk=pk)


def _must_own(request: UserRequest, project: Project) -> None:
    if not project.is_owned_by(request.user):
        raise PermissionDenied(_("Only the owner of the project may do this."))


# What creating and editing share


def _task_page(request: UserRequest, task: Task, form: CommentForm) -> HttpResponse:
    context = {
        "task": task,
        "comments": task.comments.select_related("author"),
        "comment_form": form,
        "may_approve": task.is_in_review and task.project.is_owned_by(request.user),
    }
    return render(request, "tracker/task_detail.html", context)


@transaction.atomic
def _edit_task(request: UserRequest, task: Task, done: str) -> HttpResponse:
    form = TaskForm(request.POST or None, instance=task)
    if form.is_valid():
        task.changed_by = request.user
        # No more than the form shows: somebody else may complete it meanwhile.
        fields = [*form.fields, "updated_at"] if task.pk else None
        form.save(commit=False).save(update_fields=fields)
        messages.success(request, done)
        return redirect(task)
    return render(request, "tracker/task_form.html", {"form": form, "task": task})


@transaction.atomic
def _edit_project(request: UserRequest, project: Project, done: str) -> HttpResponse:
    form = ProjectForm(request.POST or None, instance=project)
    if form.is_valid():
        form.save()
        messages.success(request, done)
        return redirect(project)
    context = {"form": form, "project": project}
    return render(request, "tracker/project_form.html", context)
