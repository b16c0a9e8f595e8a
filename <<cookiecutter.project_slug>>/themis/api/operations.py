"""Operations on the mailbox of the API key's owner."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status

from themis.api.auth import APIKeyAuth, APIRequest
from themis.api.examples import answers
from themis.api.problems import ProblemError
from themis.api.schemas import (
    NOTIFICATION,
    Count,
    Filters,
    Me,
    NewNotification,
    Notification,
    NotificationPage,
    UnreadCount,
)
from themis.models import UserNotification
from themis.models.notification import SOURCE_FIELDS, NotificationQuerySet
from themis.notifications import notify_user
from themis.notifications.bell import MOST, Bell

router = Router()


@router.get(
    "/me", auth=APIKeyAuth(), response=Me, tags=["You"], summary="Show whose key it is"
)
def me(request: APIRequest) -> dict[str, object]:
    """The owner of the key, and what the key may do."""
    profile = request.user.profile
    return {
        "username": request.user.get_username(),
        "email": request.user.email,
        "language": profile.language,
        "timezone": profile.timezone,
        "key": request.auth,
    }


@router.get(
    "/notifications",
    auth=APIKeyAuth("notifications:read"),
    response=NotificationPage,
    tags=["Notifications"],
    summary="List notifications",
)
def notification_list(
    request: APIRequest, filters: Query[Filters]
) -> dict[str, object]:
    """Newest first, without expired ones."""
    mailbox = _in_state(_mailbox(request), filters.state)
    mailbox = mailbox.filter(pk__lt=filters.cursor)
    source = {name: getattr(filters, name) for name in SOURCE_FIELDS}
    rows = mailbox.newest(
        filters.limit + 1,
        levels=filters.level,
        is_read={"unread": False, "read": True}.get(filters.state),
        **{name: value for name, value in source.items() if value},
    )
    items = rows[: filters.limit]
    has_more = len(rows) > filters.limit
    return {"items": items, "next_cursor": items[-1].pk if has_more else None}


@router.post(
    "/notifications",
    auth=APIKeyAuth("notifications:send"),
    response={201: Notification},
    tags=["Notifications"],
    summary="Send a notification to yourself",
)
def notification_send(
    request: APIRequest, notification: NewNotification
) -> Status[UserNotification]:
    """Responds with 409 if your preferences exclude it, or if it is a duplicate and
    `deduplicate` is set."""
    created = notify_user(request.user, **notification.dict())
    if created is None:
        if request.user.profile.wants(notification.level):
            raise ProblemError(409, "An unread notification of this source exists.")
        raise ProblemError(409, "Your preferences exclude this notification.")
    return Status(201, created)


@router.get(
    "/notifications/unread-count",
    auth=APIKeyAuth("notifications:read"),
    response=UnreadCount,
    tags=["Notifications"],
    summary="Count unread notifications",
)
def unread_count(request: APIRequest) -> dict[str, object]:
    """What the bell shows."""
    unread = Bell(request.user).unread
    return {"unread": min(unread, MOST), "has_more": unread > MOST}


@router.post(
    "/notifications/read",
    auth=APIKeyAuth("notifications:write"),
    response=Count,
    tags=["Notifications"],
    summary="Mark all as read",
)
def notifications_read(request: APIRequest) -> dict[str, int]:
    """Returns how many were unread."""
    return {"changed": _mailbox(request).visible().mark_read()}


@router.post(
    "/notifications/dismiss",
    auth=APIKeyAuth("notifications:write"),
    response=Count,
    tags=["Notifications"],
    summary="Dismiss all",
)
def notifications_dismiss(request: APIRequest) -> dict[str, int]:
    """Removes all from the mailbox. Returns how many were in it."""
    return {"changed": _mailbox(request).visible().dismiss()}


@router.get(
    "/notifications/{int:id}",
    auth=APIKeyAuth("notifications:read"),
    response=Notification,
    tags=["Notifications"],
    summary="Get a notification",
)
def notification_get(request: APIRequest, id: int) -> UserNotification:
    """Includes dismissed ones until the clean-up deletes them."""
    return get_object_or_404(_one(request, id))


@router.post(
    "/notifications/{int:id}/read",
    auth=APIKeyAuth("notifications:write"),
    response=Notification,
    tags=["Notifications"],
    summary="Mark a notification as read",
    openapi_extra=answers(200, {**NOTIFICATION, "read_at": "2026-11-04T10:00:00Z"}),
)
def notification_read(request: APIRequest, id: int) -> UserNotification:
    """Marking it again changes nothing."""
    notification = _one(request, id)
    notification.mark_read()
    return get_object_or_404(notification)


@router.post(
    "/notifications/{int:id}/unread",
    auth=APIKeyAuth("notifications:write"),
    response=Notification,
    tags=["Notifications"],
    summary="Mark a notification as unread",
)
def notification_unread(request: APIRequest, id: int) -> UserNotification:
    """Undoes `read`. One that was sent with `deduplicate` stays read while another one
    from its source is unread: check `read_at`."""
    notification = _one(request, id)
    notification.mark_unread()
    return get_object_or_404(notification)


@router.post(
    "/notifications/{int:id}/dismiss",
    auth=APIKeyAuth("notifications:write"),
    response={204: None},
    tags=["Notifications"],
    summary="Dismiss a notification",
)
def notification_dismiss(request: APIRequest, id: int) -> Status[None]:
    """Removes it from the mailbox. Dismissing it again changes nothing."""
    notification = _one(request, id)
    notification.dismiss()
    get_object_or_404(notification)
    return Status(204, None)


@router.post(
    "/notifications/{int:id}/restore",
    auth=APIKeyAuth("notifications:write"),
    response=Notification,
    tags=["Notifications"],
    summary="Restore a dismissed notification",
)
def notification_restore(request: APIRequest, id: int) -> UserNotification:
    """Undoes `dismiss`. An unread one that was sent with `deduplicate` stays dismissed
    while another one from its source is unread: check `dismissed_at`."""
    notification = _one(request, id)
    notification.restore()
    return get_object_or_404(notification)


def _mailbox(request: APIRequest) -> NotificationQuerySet:
    return UserNotification.objects.filter(user=request.user)


def _in_state(mailbox: NotificationQuerySet, state: str) -> NotificationQuerySet:
    if state == "dismissed":
        return mailbox.dismissed()
    return mailbox.visible()


def _one(request: APIRequest, pk: int) -> NotificationQuerySet:
    """Return a queryset of one notification, or of none.

    It may belong to another user or be deleted at any moment, so callers update it
    first and fetch it afterwards.
    """
    return _mailbox(request).exclude(expires_at__lte=timezone.now()).filter(pk=pk)
