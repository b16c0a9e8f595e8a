import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from themis.http import UserRequest
from themis.http.once import once
from tracker.forms import CommentForm, TaskFilterForm, TaskForm
from tracker.models import Comment, Project, Task
from tracker.views.lookups import PAGE_SIZE, find_project, find_task, visible_tasks


@login_required
@require_safe
def task_list(request: UserRequest) -> HttpResponse:
    form = TaskFilterForm(request.GET, user=request.user)
    tasks = form.filtered(visible_tasks(request.user)).by_due_date()
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
    return task_page(request, find_task(request.user, pk), CommentForm())


@login_required
@require_http_methods(["GET", "POST"])
@once
def task_create(request: UserRequest, pk: int) -> HttpResponse:
    task = Task(project=find_project(request.user, pk), created_by=request.user)
    return _edit(request, task, _("Task created."))


@login_required
@require_http_methods(["GET", "POST"])
def task_edit(request: UserRequest, pk: int) -> HttpResponse:
    return _edit(request, find_task(request.user, pk), _("Task saved."))


@login_required
@require_http_methods(["GET", "POST"])
def task_delete(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    if request.method == "POST":
        task.delete()
        messages.success(request, _("Task deleted."))
        return redirect(task.project)
    return render(request, "tracker/task_delete.html", {"task": task})


def task_page(request: UserRequest, task: Task, form: CommentForm) -> HttpResponse:
    """Return the page of a task, with the form for a comment."""
    context = {
        "task": task,
        "comments": comment_page(request.GET, task.comments.select_related("author")),
        "comment_form": form,
        "may_approve": task.is_in_review and task.project.is_owned_by(request.user),
    }
    return render(request, "tracker/task_detail.html", context)


def comment_page(query: QueryDict, comments: QuerySet[Comment]) -> Page:
    """Return the page requested by its number or by a comment; by default the last."""
    paginator = Paginator(comments, PAGE_SIZE)
    first = query.get("comment", "")
    if "page" not in query and re.fullmatch(r"[0-9]{1,18}", first):
        earlier = comments.filter(pk__lt=first).count()
        return paginator.get_page(earlier // PAGE_SIZE + 1)
    return paginator.get_page(query.get("page") or paginator.num_pages)


@transaction.atomic
def _edit(request: UserRequest, task: Task, done: str) -> HttpResponse:
    form = TaskForm(request.POST or None, instance=task)
    if form.is_valid():
        task.changed_by = request.user
        # Save only the form's fields: somebody else may have completed the task.
        fields = [*form.fields, "updated_at"] if task.pk else None
        form.save(commit=False).save(update_fields=fields)
        messages.success(request, done)
        return redirect(task)
    return render(request, "tracker/task_form.html", {"form": form, "task": task})
