from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from themis.http import UserRequest
from themis.http.once import once
from tracker import limits, triggers
from tracker.forms import CommentForm
from tracker.views.lookups import find_task
from tracker.views.tasks import task_page


@login_required
@require_POST
@once
def comment_create(request: UserRequest, pk: int) -> HttpResponse:
    task = find_task(request.user, pk)
    form = CommentForm(request.POST)
    if not limits.accepts(form, request.user, "comments"):
        return task_page(request, task, form)
    form.instance.task, form.instance.author = task, request.user
    comment = form.save()
    triggers.comment_added(comment)
    return redirect(comment)
