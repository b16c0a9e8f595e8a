"""`notify_user()` and `notify_users()`: the public interface for sending."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from themis.models import UserNotification, UserProfile
from themis.notifications.broadcast import Broadcast
from themis.notifications.channels import announce
from themis.notifications.draft import Draft
from themis.notifications.readers import rendered_for
from themis.notifications.statement import insertion, insertion_for_one

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.utils.functional import _StrOrPromise as Text

BATCH_SIZE = 1000  # users per statement, for iterables


def notify_user(
    user: "User",
    title: "Text",
    message: "Text" = "",
    *,
    level: str = "info",
    url: str = "",
    source_app: str = "",
    source_model: str = "",
    source_id: str = "",
    deduplicate: bool = False,
    expires_at: datetime | None = None,
) -> UserNotification | None:
    """Create a notification for the user, unless their preferences exclude it.

    Args:
        user: a saved user.
        title: a short headline. More than 200 characters are cut, and this is logged.
        message: an optional body, as plain text.
        level: `info`, `success`, `warning` or `danger`.
        url: an optional link: a path on this site, or an http(s) URL.
        source_app, source_model, source_id: the object that it is about. `deduplicate`
            uses them, and the clean-up after the object is deleted.
        deduplicate: skip it if an unread notification from the same source exists, or
            without a source, one with the same title, message, level and URL.
        expires_at: when to stop showing it: an aware datetime.

    Title and message may be lazy, such as `gettext_lazy("Welcome")` or
    `format_lazy(_("Due {day}"), day=format_date_lazy(due))`: they are rendered in the
    user's language, formats and time zone.

    Returns:
        The notification, or None if it was not created: the user has notifications off
        or a higher minimum level, it has already expired, or it is a duplicate.

    The row belongs to the caller's transaction. Model signals are not sent.

    Raises:
        TypeError, ValueError: a programming error. The message names the fix.

    Source: the notification trigger pattern, "The Standard Interface".
    """
    recipient = _checked(user)
    draft = Draft(
        title,
        message,
        level,
        url,
        source_app,
        source_model,
        source_id,
        deduplicate,
        expires_at,
    )
    now = timezone.now()
    notification = rendered_for(recipient, draft, now)
    if draft.has_expired(now):
        return None
    connection = connections[_database()]
    pk = _insert(connection, recipient, notification)
    if pk is None:
        return None
    notification.pk, notification.user = pk, recipient
    notification._state.adding = False
    notification._state.db = connection.alias
    announce(notification, connection.alias)
    return notification


def notify_users(
    users: "Iterable[User]",
    title: "Text",
    message: "Text" = "",
    *,
    level: str = "info",
    url: str = "",
    source_app: str = "",
    source_model: str = "",
    source_id: str = "",
    deduplicate: bool = False,
    expires_at: datetime | None = None,
) -> int:
    """Notify many users as `notify_user()` does. Return how many were notified.

    Each user is notified once, even if they are listed twice. A queryset of users, of
    any size, takes one INSERT … SELECT. Any other iterable is read in batches of 1,000,
    all in one transaction.

    Lazy text is rendered once for each combination of language, formats and time zone
    among the recipients. Finding these takes one more query; writing still takes one
    statement.

    The other arguments and the errors are those of `notify_user()`.
    """
    draft = Draft(
        title,
        message,
        level,
        url,
        source_app,
        source_model,
        source_id,
        deduplicate,
        expires_at,
    )
    broadcast = Broadcast(draft, timezone.now(), _database())
    with transaction.atomic(using=_database()):
        broadcast.lock()
        created = sum(broadcast.send(batch) for batch in _batches(users))
        if created:
            broadcast.announce()
        return created


def _insert(
    connection: BaseDatabaseWrapper, user: "User", notification: UserNotification
) -> int | None:
    """Insert the row. Return its id, or None if the rules excluded it."""
    with connection.cursor() as cursor:
        cursor.execute(*insertion_for_one(connection, user.pk, notification))
        if row := cursor.fetchone():
            return int(row[0])
        if not _may_try_again(connection.alias, user, notification):
            return None
        model = get_user_model()._base_manager.using(connection.alias)
        ids = model.filter(pk=user.pk).values(user_id=F("pk")).query
        select, ids_params = ids.get_compiler(connection.alias).as_sql()
        sql, params = insertion(connection, select, ids_params, notification)
        cursor.execute(f"{sql} RETURNING id", params)
        row = cursor.fetchone()
        return row and int(row[0])


def _may_try_again(database: str, user: "User", notification: UserNotification) -> bool:
    """Return whether a second attempt may write the row.

    It may if the user has no profile, or if an expired row was in the way. Such a row
    is released.
    """
    profiles = UserProfile.objects.filter(user=OuterRef("pk"))
    rows = UserNotification.objects.using(database).filter(user=user)
    keys = [notification.source_key] if notification.deduplicated else []
    expired = rows.blocking(keys, notification.created_at)
    users = get_user_model()._base_manager.using(database).filter(pk=user.pk)
    for has_profile, is_blocked in users.values_list(Exists(profiles), Exists(expired)):
        return is_blocked and expired.update(deduplicated=None) > 0 or not has_profile
    return False


def _database() -> str:
    return router.db_for_write(UserNotification)


def _checked(user: "User") -> "User":
    model = get_user_model()
    if not isinstance(user, model):
        raise TypeError(f"Pass a saved {model.__name__}, not {user!r}.")
    if user.pk is None:
        raise ValueError(f"Save the user {user!r} before notifying it.")
    return user


def _batches(users: "Iterable[User]") -> "Iterator[QuerySet[User]]":
    """Yield every user once. Keep only the keys of previous users in memory."""
    everyone = get_user_model()._base_manager.using(_database())
    if isinstance(users, QuerySet):
        if not issubclass(users.model, get_user_model()):
            raise TypeError(f"Pass users, not a queryset of {users.model.__name__}.")
        yield everyone.filter(pk__in=users.values("pk"))
        return
    if isinstance(users, get_user_model()):
        raise TypeError(f"Pass several users. For {users!r} alone, use notify_user().")
    seen: set[object] = set()
    remaining = iter(users)
    while members := list(islice(remaining, BATCH_SIZE)):
        new = {_checked(user).pk for user in members} - seen
        seen |= new
        yield everyone.filter(pk__in=new)
