"""The one way to notify a user. Everything else in Themis shows what this wrote.

notify_user(user, "Task overdue", level="warning", url="/tasks/42/")
"""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import EmptyResultSet
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from themis.models import Level, UserNotification
from themis.models.notification import TITLE_LENGTH

__all__ = ["is_safe_url", "notify_user", "notify_users"]

logger = logging.getLogger(__name__)

BATCH_SIZE = 1000  # users of an iterable in one statement
FIELDS = {field.name: field for field in UserNotification._meta.concrete_fields}
SOURCE_FIELDS = ("source_app", "source_model", "source_id")


def notify_user(
    user: AbstractUser,
    title: str,
    message: str = "",
    *,
    level: str = "info",
    url: str = "",
    source_app: str = "",
    source_model: str = "",
    source_id: str = "",
    deduplicate: bool = False,
    expires_at: datetime | None = None,
) -> UserNotification | None:
    """Puts a notification into a user's mailbox, if the user wants it.

    Args:
        user: a saved user.
        title: a short headline. Beyond 200 characters it is shortened and logged.
        message: an optional body, as plain text.
        level: `info`, `success`, `warning` or `danger`.
        url: where a click goes: a path of this site, or an http(s) address.
        source_app, source_model, source_id: the object that it is about. They find it
            again, for `deduplicate` and for the clean-up when the object is deleted.
        deduplicate: skip when an unread notification of the same source exists. With no
            source, one of the same title, message, level and URL.
        expires_at: from when on it is no longer shown: an aware datetime.

    Returns:
        The notification, or None when nothing was written: the user has notifications
        off or a higher minimum level, it has expired already, or it is a duplicate.

    The row belongs to the caller's transaction. Signals of the model are not sent.

    Raises:
        TypeError, ValueError: an argument that no user could have caused. The message
            names the fix.

    Source: the notification trigger pattern, "The Standard Interface".
    """
    recipient = _checked(user)
    source = (source_app, source_model, source_id)
    notification = _build(title, message, level, url, source, deduplicate, expires_at)
    if _has_expired(notification):
        return None
    connection = connections[_database()]
    _release_expired(notification, [user.pk])
    table = connection.ops.quote_name(get_user_model()._meta.db_table)
    select = " ".join(["SELECT id FROM", table, "WHERE id = %s"])
    sql, params = _insertion(connection, select, [user.pk], notification)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id", params)
        row = cursor.fetchone()
    if row is None:
        return None
    notification.pk, notification.user = row[0], recipient
    notification._state.adding = False
    notification._state.db = connection.alias
    return notification


def notify_users(
    users: Iterable[AbstractUser],
    title: str,
    message: str = "",
    *,
    level: str = "info",
    url: str = "",
    source_app: str = "",
    source_model: str = "",
    source_id: str = "",
    deduplicate: bool = False,
    expires_at: datetime | None = None,
) -> int:
    """`notify_user()` for many, each user once. Returns how many were notified.

    A queryset of users, of any size, is one INSERT … SELECT in the database. Any other
    iterable is read in batches of 1,000, all in one transaction. The other arguments
    and the errors are `notify_user`'s.
    """
    source = (source_app, source_model, source_id)
    notification = _build(title, message, level, url, source, deduplicate, expires_at)
    created = 0
    connection = connections[_database()]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        key = notification.deduplication_key
        if key is not None and connection.vendor == "postgresql":
            # Two calls with the same source would lock each other's rows in their own
            # order: a deadlock. So the second one waits for the first one to end.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int >> 65])
        for recipients in _batches(users, notification):
            if _has_expired(notification):
                continue
            compiler = recipients.values_list("id").query.get_compiler(connection.alias)
            try:
                select, params = compiler.as_sql()
            except EmptyResultSet:  # such as User.objects.none()
                continue
            _release_expired(notification, recipients)
            cursor.execute(*_insertion(connection, select, params, notification))
            created += cursor.rowcount
    return created


def is_safe_url(url: str) -> bool:
    """Whether a notification may link there: a path of this site, or http(s).

    Browsers read `//host` and `/\\host` as another site, and drop control characters.
    """
    if not url.isprintable():
        return False
    if url.startswith("/"):
        return not url.startswith(("//", "/\\"))
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # such as an unclosed bracket around an IPv6 address
        return False


def _database() -> str:
    return router.db_for_write(UserNotification)


def _checked(user: Any) -> Any:
    model = get_user_model()
    if not isinstance(user, model):
        raise TypeError(f"Pass a saved {model.__name__}, not {user!r}.")
    if user.pk is None:
        raise ValueError(f"Save the user {user!r} before notifying it.")
    return user


def _build(
    title: str,
    message: str,
    level: str,
    url: str,
    source: tuple[str, str, str],
    deduplicate: bool,
    expires_at: datetime | None,
) -> UserNotification:
    """A notification for nobody yet, or an error that names the fix."""
    texts = {"url": url, **dict(zip(SOURCE_FIELDS, source, strict=True))}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise TypeError(f"{name}={text!r} is not a string. Pass str() of it.")
        limit = FIELDS[name].max_length or 0
        if len(text) > limit:
            raise ValueError(f"{name} is longer than {limit} characters: {text!r}.")
    if url and not is_safe_url(url):
        raise ValueError(
            f"Unsafe url {url!r}. Use a path of this site that starts with a single "
            "slash, or an http(s) address."
        )
    if level not in Level.values:
        raise ValueError(f"Unknown level {level!r}. Use one of {Level.values}.")
    if expires_at is not None and timezone.is_naive(expires_at):
        raise ValueError(
            f"expires_at={expires_at!r} has no time zone. Pass an aware datetime, such "
            "as django.utils.timezone.now() + timedelta(days=1)."
        )
    # str() turns a lazy translation into text. PostgreSQL cannot store a NUL.
    title = str(title).replace("\0", "\ufffd").strip()
    message = str(message).replace("\0", "\ufffd")
    if not title:
        raise ValueError("The title is empty. Say in a few words what happened.")
    if len(title) > TITLE_LENGTH:
        logger.warning("Shortened a notification title of %d characters.", len(title))
        title = title[: TITLE_LENGTH - 1] + "…"
    key = None
    if deduplicate:
        identity = source if any(source) else (title, message, level, url)
        key = uuid.UUID(bytes=blake2b(repr(identity).encode(), digest_size=16).digest())
    return UserNotification(
        title=title,
        message=message,
        level=str(level),
        expires_at=expires_at,
        deduplication_key=key,
        **texts,
    )


def _batches(
    users: Iterable[AbstractUser], notification: UserNotification
) -> Iterator[QuerySet[Any]]:
    everyone = get_user_model()._base_manager.using(_database())
    if isinstance(users, QuerySet):
        if not issubclass(users.model, get_user_model()):
            raise TypeError(f"Pass users, not a queryset of {users.model.__name__}.")
        yield everyone.filter(pk__in=users.values("pk"))
        return
    if isinstance(users, get_user_model()):
        raise TypeError(f"Pass several users. For {users!r} alone, use notify_user().")
    batch = everyone.all()
    remaining = iter(users)
    while members := list(islice(remaining, BATCH_SIZE)):
        yield batch.filter(pk__in=[_checked(user).pk for user in members])
        # A user that a later batch names again has this notification already.
        batch = everyone.exclude(
            Exists(
                UserNotification.objects.filter(
                    user=OuterRef("pk"),
                    created_at=notification.created_at,
                    title=notification.title,
                )
            )
        )


def _has_expired(notification: UserNotification) -> bool:
    expires_at = notification.expires_at
    return expires_at is not None and expires_at <= notification.created_at


# One statement decides and writes: neither a stale profile nor another process comes
# between the look and the write. The order keeps two calls from locking each other out.
# The only constraint that a row can conflict with is the one on deduplication_key.
_INSERT = """
INSERT INTO themis_usernotification (
    user_id, title, message, level, url, source_app, source_model, source_id,
    created_at, expires_at, deduplication_key
)
SELECT recipient.id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
FROM ( recipients ) AS recipient
LEFT JOIN themis_userprofile AS profile ON profile.user_id = recipient.id
WHERE (
    profile.id IS NULL
    OR profile.notifications_enabled AND profile.notification_min_level IN ( levels )
)
AND NOT EXISTS (
    SELECT 1
    FROM themis_usernotification AS duplicate
    WHERE %s
    AND duplicate.user_id = recipient.id
    AND duplicate.source_app = %s
    AND duplicate.source_model = %s
    AND duplicate.source_id = %s
    AND duplicate.read_at IS NULL
    AND duplicate.dismissed_at IS NULL
    AND (duplicate.expires_at IS NULL OR duplicate.expires_at > %s)
    AND (
        %s
        OR duplicate.title = %s AND duplicate.message = %s
        AND duplicate.level = %s AND duplicate.url = %s
    )
)
ORDER BY recipient.id
ON CONFLICT DO NOTHING"""

COLUMNS = (
    *("title", "message", "level", "url", "source_app", "source_model", "source_id"),
    *("created_at", "expires_at", "deduplication_key"),
)


def _release_expired(notification: UserNotification, recipients: Any) -> None:
    """An expired row must not block a new one until the clean-up comes."""
    if notification.deduplication_key is not None:
        UserNotification.objects.using(_database()).filter(
            user__in=recipients, deduplication_key=notification.deduplication_key
        ).expired(notification.created_at).update(deduplication_key=None)


def _insertion(
    connection: BaseDatabaseWrapper,
    select: str,
    select_params: Sequence[Any],
    notification: UserNotification,
) -> tuple[str, list[Any]]:
    """The INSERT for those users, given as a SELECT of ids, who are to get it."""
    levels = Level(notification.level).passes
    sql = _INSERT.replace(" recipients ", select).replace(
        " levels ", ", ".join(["%s"] * len(levels))
    )
    column = {
        name: FIELDS[name].get_db_prep_save(getattr(notification, name), connection)
        for name in COLUMNS
    }
    source = [column[name] for name in SOURCE_FIELDS]
    return sql, [
        *column.values(),
        *select_params,
        *(level.value for level in levels),
        notification.deduplication_key is not None,
        *source,
        column["created_at"],
        any(source),
        *(column[name] for name in ("title", "message", "level", "url")),
    ]
