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
    """Order a report.

    To ask again while it is being made starts its task again, in case that was lost,
    instead of making another report.
    """
    wanted = {"project": find_project(request.user, pk), "requested_by": request.user}
    unfinished = Report.objects.filter(ready_at=None, **wanted)
    report = unfinished.first() or Report.objects.create(**wanted)
    # Without a broker to take the task, `build_waiting_reports` makes the report.
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
    # Spreadsheets take UTF-8 for something else without the byte order mark.
    return HttpResponse(
        report.content.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="tasks-{report.pk}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
