"""The bell's poll."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from themis.formatting import format_datetime
from themis.notifications.bell import Bell


@require_safe
def notification_poll(request: HttpRequest) -> HttpResponse:
    """Return the bell as JSON. Write nothing, and do not extend the session."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Sign in again.")}, status=401)
    bell = Bell(request.user)
    response = get_conditional_response(request, etag=bell.etag)
    if response is None:
        response = JsonResponse(_poll_content(bell))
    response["ETag"] = bell.etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _poll_content(bell: Bell) -> dict[str, object]:
    return {
        "user": str(bell.user.pk),
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
