from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from themis.http import UserRequest
from themis.http.once import once
from tracker import limits
from tracker.forms import AnnouncementForm
from tracker.tasks import announce_to_team
from tracker.views.lookups import find_project
from tracker.views.projects import project_page


@login_required
@require_POST
@once
def announce(request: UserRequest, pk: int) -> HttpResponse:
    project = find_project(request.user, pk)
    form = AnnouncementForm(request.POST)
    if not limits.accepts(form, request.user, "announcements"):
        return project_page(request, project, announcement_form=form)
    text, expires_at = form.cleaned_data["text"], form.cleaned_data["expires_at"]
    announcement = (project.pk, text, request.user.pk, str(uuid4()), expires_at)
    transaction.on_commit(lambda: send(*announcement))
    messages.success(request, _("Announcement sent."))
    return redirect(project)


def send(*announcement: Any) -> None:
    try:
        announce_to_team.delay(*announcement)
    except OperationalError:
        # If the broker got the task after all, still nobody is notified twice.
        announce_to_team(*announcement)
