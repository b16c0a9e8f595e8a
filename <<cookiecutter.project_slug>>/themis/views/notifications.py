"""The mailbox: the list, what can be done with one or many, and the bell's poll."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from themis.formatting import format_datetime
from themis.http import UserRequest
from themis.models import Level, UserNotification
from themis.models.notification import LARGEST_ID, NotificationQuerySet
from themis.notifications import is_safe_url
from themis.notifications.bell import Bell

PAGE_SIZE = 25


@login_required
@require_safe
def notification_list(request: UserRequest) -> HttpResponse:
    """Newest first. Filters: `state` (unread, read), `level`, `before` (an id)."""
    state, level = request.GET.get("state", ""), request.GET.get("level", "")
    mailbox = _mailbox(request).visible()
    if "before" in request.GET:
        mailbox = mailbox.filter(pk__lt=_id(request.GET["before"]))
    page = mailbox.newest(
        PAGE_SIZE + 1,
        levels=[level] if level in Level.values else [],
        is_read={"unread": False, "read": True}.get(state),
    )
    notifications, has_more = page[:PAGE_SIZE], len(page) > PAGE_SIZE
    older = request.GET.copy()
    if has_more:
        older["before"] = str(notifications[-1].pk)
    context = {
        "notifications": notifications,
        "older": older.urlencode() if has_more else "",
        "is_first_page": "before" not in request.GET,
        "state": state,
        "level": level,
        "levels": Level.choices,
    }
    return render(request, "themis/notifications/list.html", context)


@require_safe
def notification_poll(request: HttpRequest) -> HttpResponse:
    """What the bell shows, as JSON. Writes nothing, and does not extend the session."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Log in again.")}, status=401)
    bell = Bell(request.user)
    response = get_conditional_response(request, etag=bell.etag)
    if response is None:
        response = JsonResponse(_poll_content(bell))
    response["ETag"] = bell.etag
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_POST
def notification_open(request: UserRequest, pk: int) -> HttpResponse:
    """Marks it as read and goes to its link.

    Another site's link is shown, not followed: the policy `form-action 'self'` stops a
    browser from following a form's redirect to another site.
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
    return _back(request)


@login_required
@require_POST
def notification_unread(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(_mailbox(request), pk=pk).mark_unread()
    return _back(request)


@login_required
@require_POST
def notification_dismiss(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(_mailbox(request), pk=pk).dismiss()
    return _back(request)


@login_required
@require_POST
def notification_restore(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(_mailbox(request), pk=pk).restore()
    return _back(request)


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
    count = _selected(request).dismiss()
    text = ngettext(
        "%(count)d notification dismissed.", "%(count)d notifications dismissed.", count
    )
    messages.success(request, text % {"count": count})
    return _back(request)


def _poll_content(bell: Bell) -> dict[str, object]:
    return {
        "unread": bell.unread,
        "badge": bell.badge,
        "interval": bell.interval,
        "notifications": [
            {
                "id": notification.pk,
                "title": notification.title,
                "message": notification.message,
                "level": notification.level,
                "url": notification.open_url,
                "created_at": notification.created_at.isoformat(),
                "created": format_datetime(notification.created_at),
                "read": not notification.is_unread,
            }
            for notification in bell.newest
        ],
    }


def _mailbox(request: UserRequest) -> NotificationQuerySet:
    """The user's own notifications: anybody else's answer 404."""
    return UserNotification.objects.filter(user=request.user)


def _selected(request: UserRequest) -> NotificationQuerySet:
    """Those whose `ids` are ticked, or all `up_to` the newest one that the page showed.

    What arrived while the user was reading is not touched by "all".
    """
    if up_to := request.POST.get("up_to"):
        return _mailbox(request).visible().filter(pk__lte=_id(up_to))
    ids = [_id(value) for value in request.POST.getlist("ids")]
    return _mailbox(request).visible().filter(pk__in=ids)


def _id(value: str) -> int:
    """Raises Http404 for what is not a primary key."""
    if value.isascii() and value.isdigit() and len(value) < 20:
        number = int(value)
        if number <= LARGEST_ID:
            return number
    raise Http404


def _back(request: UserRequest) -> HttpResponse:
    """To the page of this site that the form named as `next`, or to the list."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, {request.get_host()}, request.is_secure()
    ):
        # Not redirect(): it takes what has no slash for the name of a view.
        return HttpResponseRedirect(target)
    return redirect("themis:notification-list")
