"""The one statement that decides who gets a notification, and writes it.

With one statement, no stale profile and no other process can interfere.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper

from themis.models import Level, UserNotification, UserProfile
from themis.notifications.kinds import find_kind
from themis.notifications.readers import Variant, variant_of

if TYPE_CHECKING:
    from django.db.backends.utils import _SQLType as SQLValue

    Parameters = dict[str, SQLValue]

_INTO = """
INSERT INTO themis_usernotification (
    user_id, title, message, level, url, source_app, source_model, source_id,
    source_key, deduplicated, created_at, expires_at
)
SELECT
    {user_id}, {title}, {message}, %(level)s, %(url)s,
    %(source_app)s, %(source_model)s, %(source_id)s,
    {source_key}, %(deduplicated)s, %(created_at)s, %(expires_at)s"""

# Planning is most of the cost on PostgreSQL, so this has one table and no join.
_ONE = f"""{_INTO}
FROM themis_userprofile AS profile
WHERE profile.user_id = %(user_id)s
AND profile.notifications_enabled AND profile.notification_min_level IN ({{levels}})
{{not_muted}}
{{no_duplicate}}
{{lock}}
ON CONFLICT DO NOTHING
RETURNING id"""

# The order of the recipients prevents deadlocks between two calls. A row can only
# conflict with the constraint against duplicates.
_MANY = f"""{_INTO}
FROM ({{recipients}}) AS recipient
LEFT JOIN themis_userprofile AS profile ON profile.user_id = {{user_id}}
{{texts}}
WHERE (
    profile.id IS NULL AND %(wanted_by_default)s
    OR profile.notifications_enabled AND profile.notification_min_level IN ({{levels}})
)
{{not_muted}}
{{no_duplicate}}
ORDER BY {{user_id}}
ON CONFLICT DO NOTHING"""

_NOT_MUTED = """
AND NOT EXISTS (
    SELECT 1
    FROM themis_mutedkind AS muted
    WHERE muted.user_id = {user_id}
    AND muted.source_app = %(source_app)s
    AND muted.source_model = %(source_model)s
    AND muted.channel = 'app'
)"""

_NO_DUPLICATE = """
AND NOT EXISTS (
    SELECT 1
    FROM themis_usernotification AS duplicate
    WHERE duplicate.user_id = {user_id}
    AND duplicate.source_key = {source_key}
    AND duplicate.read_at IS NULL
    AND duplicate.dismissed_at IS NULL
    AND (duplicate.expires_at IS NULL OR duplicate.expires_at > %(created_at)s)
)"""

# Deleting a user meanwhile would break the caller's commit. With the lock, either the
# deletion waits for this transaction, or this SELECT does not find the user. SQLite has
# one writer at a time.
_LOCK = {"postgresql": "FOR KEY SHARE"}

# Each reader's text, by their profile. Without a profile, they read the default.
_TEXTS = """
{outer}JOIN (VALUES {texts}) AS text
ON text.column1 = COALESCE({variant}, %(default_variant)s)"""

COLUMNS = [
    field.name
    for field in UserNotification._meta.concrete_fields
    if field.name not in ("id", "user", "read_at", "dismissed_at")
]
SEPARATOR = "\x1f"  # appears in no value of a profile
VARIANT = f" || '{SEPARATOR}' || ".join(
    f"profile.{name}" for name in UserProfile.VARIANT_FIELDS
)


def insertion_for_one(
    connection: BaseDatabaseWrapper, user_id: Any, notification: UserNotification
) -> "tuple[str, Parameters]":
    """Return the INSERT for a user who has a profile. It returns the id of the row.

    Deleting a user deletes the profile, so locking the profile is enough.
    """
    params = _values(connection, notification)
    user = UserNotification._meta.get_field("user")
    params["user_id"] = user.get_db_prep_value(user_id, connection)
    sql = _sql_for_one(
        connection.vendor,
        Level(notification.level),
        _can_be_muted(notification),
        bool(notification.deduplicated),
    )
    return sql, params


@cache
def _sql_for_one(vendor: str, level: Level, can_be_muted: bool, unique: bool) -> str:
    columns = {name: f"%({name})s" for name in ("user_id", *_RENDERED)}
    return _ONE.format(
        **columns,
        levels=_passing(level),
        not_muted=_NOT_MUTED.format(**columns) if can_be_muted else "",
        no_duplicate=_NO_DUPLICATE.format(**columns) if unique else "",
        lock=_LOCK.get(vendor, ""),
    )


def insertion(
    connection: BaseDatabaseWrapper,
    recipients: str,
    recipients_params: "Sequence[SQLValue]",
    notification: UserNotification,
    by_variant: Mapping[Variant, UserNotification] | None = None,
    *,
    only_these_variants: bool = False,
) -> "tuple[str, Parameters]":
    """Return the INSERT for the recipients who should get the notification.

    Args:
        recipients: a SELECT of `user_id`, with its positional parameters.
        notification: the default notification.
        by_variant: the notification for the readers of each variant.
        only_these_variants: leave out the readers of all other variants.
    """
    select, params = _named(recipients, recipients_params)
    params |= _values(connection, notification)
    params["wanted_by_default"] = UserProfile().wants(notification.level)
    columns = {name: f"%({name})s" for name in _RENDERED}
    texts = ""
    if by_variant:
        texts, texts_params = _texts(connection, by_variant, only_these_variants)
        params |= texts_params
        columns = {
            name: f"COALESCE(text.column{number}, %({name})s)"
            for number, name in enumerate(_RENDERED, start=2)
        }
    columns["user_id"] = "recipient.user_id"
    sql = _MANY.format(
        **columns,
        recipients=f"{select} {_LOCK.get(connection.vendor, '')}",
        texts=texts,
        levels=_passing(Level(notification.level)),
        not_muted=_NOT_MUTED.format(**columns) if _can_be_muted(notification) else "",
        no_duplicate=(
            _NO_DUPLICATE.format(**columns) if notification.deduplicated else ""
        ),
    )
    return sql, params


def _passing(level: Level) -> str:
    return ", ".join(f"'{minimum.value}'" for minimum in level.passes)


def _can_be_muted(notification: UserNotification) -> bool:
    kind = find_kind(notification.source_app, notification.source_model)
    return kind is not None and not kind.mandatory


_RENDERED = ("title", "message", "source_key")


def _named(sql: str, params: "Sequence[SQLValue]") -> "tuple[str, Parameters]":
    """Return the SQL with its positional parameters named."""
    numbers = count()

    def name(match: re.Match[str]) -> str:
        return match[0] if match[0] == "%%" else f"%(recipients_{next(numbers)})s"

    named = re.sub("%%|%s", name, sql)
    return named, {f"recipients_{number}": each for number, each in enumerate(params)}


def _values(
    connection: BaseDatabaseWrapper, notification: UserNotification
) -> "Parameters":
    params: Parameters = {name: getattr(notification, name) for name in COLUMNS}
    for name in ("created_at", "expires_at"):
        params[name] = connection.ops.adapt_datetimefield_value(
            getattr(notification, name)
        )
    return params


def _texts(
    connection: BaseDatabaseWrapper,
    by_variant: Mapping[Variant, UserNotification],
    only_these_variants: bool,
) -> "tuple[str, Parameters]":
    params: Parameters = {"default_variant": SEPARATOR.join(variant_of(UserProfile()))}
    rows = []
    for number, (variant, notification) in enumerate(by_variant.items()):
        row: Parameters = {f"variant_{number}": SEPARATOR.join(variant)}
        for name in _RENDERED:
            row[f"{name}_{number}"] = getattr(notification, name)
        params |= row
        rows.append("(" + ", ".join(f"%({name})s" for name in row) + ")")
    texts = _TEXTS.format(
        outer="" if only_these_variants else "LEFT ",
        texts=", ".join(rows),
        variant=VARIANT,
    )
    return texts, params
