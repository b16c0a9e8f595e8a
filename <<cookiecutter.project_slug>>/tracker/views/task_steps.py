"""The steps of a task from open to done, in their order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from themis.http import UserRequest
from tracker import triggers
from tracker.views.lookups import find_task, require_owner


@login_required
@require_POST
def task_start(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    task.start()
    messages.success(request, _("Task started."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def request_review(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    if task.request_review(by=request.user):
        triggers.review_requested(task, by=request.user)
    messages.success(request, _("Review requested."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def approve_request(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    require_owner(request.user, task.project)
    if task.approve():
        triggers.request_approved(task, by=request.user)
    messages.success(request, _("Request approved."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def task_complete(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    if task.needs_approval:
        raise PermissionDenied(_("Only the project owner can approve this task."))
    if task.complete():
        triggers.task_completed(task, by=request.user)
    messages.success(request, _("Task completed."))
    return redirect(task)


@login_required
@require_POST
@transaction.atomic
def task_reopen(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    if task.reopen():
        triggers.task_reopened(task, by=request.user)
    messages.success(request, _("Task reopened."))
    return redirect(task)
