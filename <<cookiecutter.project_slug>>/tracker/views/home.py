from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import Project, Status
from tracker.views.lookups import PAGE_SIZE, visible_tasks


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the user's tasks, or a welcome."""
    if not request.user.is_authenticated:
        return render(request, "tracker/welcome.html")
    tasks = visible_tasks(request.user).by_due_date()
    mine = tasks.unfinished().filter(assignee=request.user)
    to_approve = tasks.filter(project__owner=request.user, status=Status.IN_REVIEW)
    context = {
        "tasks": mine[:PAGE_SIZE],
        "to_approve": to_approve[:PAGE_SIZE],
        "projects": Project.objects.for_user(request.user),
    }
    return render(request, "tracker/home.html", context)
