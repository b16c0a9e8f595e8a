"""The mailbox: the list, and actions on one notification or many."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from themis.http import UserRequest
from themis.models import Level, UserNotification
from themis.models.notification import LARGEST_ID, NotificationQuerySet
from themis.notifications import is_safe_url
from themis.notifications.days import by_day
from themis.notifications.kinds import find_kind, registered_kinds
from themis.templatetags.themis import MUTED, UNDO

PAGE_SIZE = 25
MANY = 10  # dismissing more than this asks for confirmation


@login_required
@require_safe
def notification_list(request: UserRequest) -> HttpResponse:
    """List notifications, newest first.

    Filters: `state` (unread, read, dismissed), `level`, `kind`, `before` (an id).
    """
    state, level = request.GET.get("state", ""), request.GET.get("level", "")
    kinds = {kind.key: kind for kind in registered_kinds()}
    kind = kinds.get(request.GET.get("kind", ""))
    mailbox = _mailbox(request)
    mailbox = mailbox.dismissed() if state == "dismissed" else mailbox.visible()
    if "before" in request.GET:
        mailbox = mailbox.filter(pk__lt=_id(request.GET["before"]))
    page = mailbox.newest(
        PAGE_SIZE + 1,
        levels=[level] if level in Level.values else [],
        is_read={"unread": False, "read": True}.get(state),
        **({} if kind is None else kind.source),
    )
    notifications, has_more = page[:PAGE_SIZE], len(page) > PAGE_SIZE
    older = request.GET.copy()
    if has_more:
        older["before"] = str(notifications[-1].pk)
    context = {
        "notifications": notifications,
        "days": by_day(notifications),
        "older": older.urlencode() if has_more else "",
        "is_first_page": "before" not in request.GET,
        "state": state,
        "level": level,
        "levels": Level.choices,
        "kind": kind,
        "kinds": kinds.values(),
        "many": MANY,
        "asks_before_all": has_more or len(notifications) > MANY,
    }
    return render(request, "themis/notifications/list.html", context)


@login_required
@require_POST
def notification_open(request: UserRequest, pk: int) -> HttpResponse:
    """Mark it as read and redirect to its link.

    A link to another site is shown instead, because the policy `form-action 'self'`
    stops browsers from following a form's redirect to another site.
    """
    notification = get_object_or_404(_mailbox(request), pk=pk)
    notification.mark_read()
    if not is_safe_url(notification.url):
        return redirect("themis:notification-list")
    if notification.url.startswith("/"):
        return redirect(notification.url)
    context = {"notification": notification}
    return render(request, "themis/notifications/leave.html", context)


@login_required
@require_POST
def notification_read(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(_mailbox(request), pk=pk).mark_read()
    return _back(request, row=pk)


@login_required
@require_POST
def notification_unread(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(_mailbox(request), pk=pk).mark_unread()
    return _back(request, row=pk)


@login_required
@require_POST
def notification_dismiss(request: UserRequest, pk: int) -> HttpResponse:
    notification = get_object_or_404(_mailbox(request), pk=pk)
    is_dismissed = notification.dismissed_at is not None
    notification.dismiss()
    if notification.dismissed_at and not is_dismissed and not _is_the_bells(request):
        _offer_undo(request, 1, notification.dismissed_at)
    return _back(request, row=_below(pk, _mailbox(request).visible()))


@login_required
@require_POST
def notification_restore(request: UserRequest, pk: int) -> HttpResponse:
    notification = get_object_or_404(_mailbox(request), pk=pk)
    notification.restore()
    if not _is_the_bells(request):
        _say_restored(request, int(notification.dismissed_at is None))
    return _back(request, row=_below(pk, _mailbox(request).dismissed()))


@login_required
@require_POST
def notification_mute(request: UserRequest, pk: int) -> HttpResponse:
    """Stop sending this kind, until the user changes it in the settings."""
    notification = get_object_or_404(_mailbox(request), pk=pk)
    kind = find_kind(notification.source_app, notification.source_model)
    if kind is None or kind.mandatory:
        raise Http404
    kind.mute(request.user)
    text = _("Muted: %(kind)s. You can change this in your settings.")
    messages.success(request, text % {"kind": kind.label}, extra_tags=MUTED)
    return _back(request, row=pk)


@login_required
@require_POST
def notifications_read(request: UserRequest) -> HttpResponse:
    count = _selected(request).mark_read()
    text = ngettext(
        "%(count)d notification marked as read.",
        "%(count)d notifications marked as read.",
        count,
    )
    messages.success(request, text % {"count": count})
    return _back(request)


@login_required
@require_POST
def notifications_dismiss(request: UserRequest) -> HttpResponse:
    moment = timezone.now()
    _offer_undo(request, _selected(request).dismiss(moment), moment)
    return _back(request)


@login_required
@require_POST
def notifications_restore(request: UserRequest) -> HttpResponse:
    """Restore the selected `ids`, or all with the same `dismissed_at`."""
    dismissed = _mailbox(request).dismissed()
    if moment := request.POST.get("dismissed_at"):
        restored = dismissed.filter(dismissed_at=_moment(moment)).restore()
    else:
        restored = dismissed.filter(pk__in=_ids(request)).restore()
    _say_restored(request, restored)
    return _back(request)


def _mailbox(request: UserRequest) -> NotificationQuerySet:
    """Return the user's own notifications, so that all others give a 404."""
    return UserNotification.objects.filter(user=request.user)


def _selected(request: UserRequest) -> NotificationQuerySet:
    """Return the selected `ids`, or all `up_to` the newest one on the page.

    "All" does not include what arrived after the page was loaded.
    """
    if up_to := request.POST.get("up_to"):
        return _mailbox(request).visible().filter(pk__lte=_id(up_to))
    return _mailbox(request).visible().filter(pk__in=_ids(request))


def _ids(request: UserRequest) -> list[int]:
    return [_id(value) for value in request.POST.getlist("ids")]


def _id(value: str) -> int:
    """Return a primary key. Raise Http404 for anything else."""
    if value.isascii() and value.isdigit() and len(value) < 20:
        number = int(value)
        if number <= LARGEST_ID:
            return number
    raise Http404


def _moment(value: str) -> datetime:
    """Return an aware datetime. Raise Http404 for anything else."""
    try:
        moment = parse_datetime(value)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Http404
    return moment


def _offer_undo(request: UserRequest, count: int, dismissed_at: datetime) -> None:
    """Say how many were dismissed, with a button that restores them."""
    text = ngettext(
        "%(count)d notification dismissed.", "%(count)d notifications dismissed.", count
    )
    undo = f"{UNDO}{dismissed_at.isoformat()}" if count else ""
    messages.success(request, text % {"count": count}, extra_tags=undo)


def _say_restored(request: UserRequest, count: int) -> None:
    text = ngettext(
        "%(count)d notification restored.", "%(count)d notifications restored.", count
    )
    messages.success(request, text % {"count": count})


def _is_the_bells(request: UserRequest) -> bool:
    """Return whether the bell sent the form. It shows the result itself."""
    return request.POST.get("next") == reverse("themis:notification-poll")


def _below(pk: int, mailbox: NotificationQuerySet) -> int | None:
    """Return the row that takes the place of a removed one."""
    rows = mailbox.filter(pk__lt=pk).newest(1)
    return rows[0].pk if rows else None


def _back(request: UserRequest, row: int | None = None) -> HttpResponse:
    """Redirect to the form's `next` page on this site, or to the list.

    Scroll to this row, if any.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, request.is_secure()
    ):
        target = reverse("themis:notification-list")
    if row and not _is_the_bells(request):
        target = f"{target.partition('#')[0]}#notification-{row}"
    # Not redirect(): it treats a value without a slash as the name of a view.
    return HttpResponseRedirect(target)
