from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from themis.http import UserRequest
from themis.http.once import once
from tracker import limits
from tracker.forms import AnnouncementForm, InvitationForm, ProjectForm
from tracker.models import Project, Status
from tracker.views.lookups import PAGE_SIZE, colleagues, find_project, require_owner


@login_required
@require_safe
def project_list(request: UserRequest) -> HttpResponse:
    projects = Project.objects.for_user(request.user).select_related("owner")
    open_tasks = Count("tasks", filter=~Q(tasks__status=Status.DONE))
    context = {
        "projects": projects.annotate(open_tasks=open_tasks),
        "invitations": request.user.invitations.select_related("project", "invited_by"),
    }
    return render(request, "tracker/project_list.html", context)


@login_required
@require_safe
def project_detail(request: UserRequest, pk: int) -> HttpResponse:
    return project_page(request, find_project(request.user, pk))


@login_required
@require_http_methods(["GET", "POST"])
@once
def project_create(request: UserRequest) -> HttpResponse:
    return _edit(request, Project(owner=request.user), _("Project created."))


@login_required
@require_http_methods(["GET", "POST"])
def project_edit(request: UserRequest, pk: int) -> HttpResponse:
    project = find_project(request.user, pk)
    require_owner(request.user, project)
    return _edit(request, project, _("Project saved."))


@login_required
@require_http_methods(["GET", "POST"])
def project_delete(request: UserRequest, pk: int) -> HttpResponse:
    project = find_project(request.user, pk)
    require_owner(request.user, project)
    if request.method == "POST":
        project.delete()
        messages.success(request, _("Project deleted."))
        return redirect("tracker:project-list")
    return render(request, "tracker/project_delete.html", {"project": project})


def project_page(
    request: UserRequest,
    project: Project,
    *,
    announcement_form: AnnouncementForm | None = None,
    invitation_form: InvitationForm | None = None,
) -> HttpResponse:
    """Return the page of a project, with filled-in or empty forms."""
    tasks = project.tasks.unfinished().select_related("assignee").by_due_date()
    context = {
        "project": project,
        "tasks": tasks[:PAGE_SIZE],
        "members": project.members.order_by("username"),
        "reports": project.reports.for_user(request.user).defer("content"),
        "is_owner": project.is_owned_by(request.user),
        "announcement_form": announcement_form or AnnouncementForm(),
        "invitation_form": invitation_form or InvitationForm(),
        "colleagues": colleagues(request.user, project),
    }
    return render(request, "tracker/project_detail.html", context)


@transaction.atomic
def _edit(request: UserRequest, project: Project, done: str) -> HttpResponse:
    form = ProjectForm(request.POST or None, instance=project)
    is_new = project.pk is None
    if limits.accepts(form, request.user, "projects") if is_new else form.is_valid():
        form.save()
        project.members.add(project.owner)
        project.members.remove(*form.cleaned_data.get("leaving", []))
        messages.success(request, done)
        return redirect(project)
    context = {"form": form, "project": project}
    return render(request, "tracker/project_form.html", context)
