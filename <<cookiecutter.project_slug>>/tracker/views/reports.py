from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from themis.http import UserRequest
from tracker.models import Report
from tracker.tasks import build_report
from tracker.views.lookups import find_project, find_report


@login_required
@require_POST
@transaction.atomic
def report_request(request: UserRequest, pk: int) -> HttpResponse:
    """Request a report.

    Requesting one that is still being built restarts its task, in case it was lost,
    instead of creating another report.
    """
    wanted = {"project": find_project(request.user, pk), "requested_by": request.user}
    unfinished = Report.objects.filter(ready_at=None, **wanted)
    report = unfinished.first() or Report.objects.create(**wanted)
    # If the broker is down, `build_waiting_reports` builds the report later.
    transaction.on_commit(lambda: build_report.delay(report.pk), robust=True)
    messages.success(request, _("You will be notified when the report is ready."))
    return redirect(report)


@login_required
@require_safe
def report_detail(request: UserRequest, pk: int) -> HttpResponse:
    context = {"report": find_report(request.user, pk)}
    return render(request, "tracker/report_detail.html", context)


@login_required
@require_safe
def report_download(request: UserRequest, pk: int) -> HttpResponse:
    report = find_report(request.user, pk)
    if not report.is_ready:
        raise Http404
    # Without a byte order mark, spreadsheets don't recognize UTF-8.
    return HttpResponse(
        report.content.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="tasks-{report.pk}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
