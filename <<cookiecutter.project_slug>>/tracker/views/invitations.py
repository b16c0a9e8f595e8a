from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from themis.http import UserRequest
from themis.http.once import once
from tracker import limits
from tracker.forms import InvitationForm
from tracker.views.lookups import find_invitation, find_project, require_owner
from tracker.views.projects import project_page


@login_required
@require_POST
@once
def invite(request: UserRequest, pk: int) -> HttpResponse:
    """Invite a user. The response is the same whether or not the user exists."""
    project = find_project(request.user, pk)
    require_owner(request.user, project)
    form = InvitationForm(request.POST)
    if not limits.accepts(form, request.user, "invitations"):
        return project_page(request, project, invitation_form=form)
    project.invite(form.cleaned_data["username"], by=request.user)
    messages.success(request, _("If this user exists, an invitation has been sent."))
    return redirect(project)


@login_required
@require_safe
def invitation_detail(request: UserRequest, pk: int) -> HttpResponse:
    context = {"invitation": find_invitation(request.user, pk)}
    return render(request, "tracker/invitation_detail.html", context)


@login_required
@require_POST
@once
def invitation_accept(request: UserRequest, pk: int) -> HttpResponse:
    invitation = find_invitation(request.user, pk)
    invitation.accept()
    messages.success(request, _("You joined the project."))
    return redirect(invitation.project)


@login_required
@require_POST
@once
def invitation_decline(request: UserRequest, pk: int) -> HttpResponse:
    find_invitation(request.user, pk).delete()
    messages.success(request, _("Invitation declined."))
    return redirect("tracker:project-list")
