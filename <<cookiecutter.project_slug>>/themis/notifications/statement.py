"""The one statement that decides who gets a notification, and writes it.

Neither a stale profile nor another process comes between the look and the write.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from django.db.backends.base.base import BaseDatabaseWrapper

from themis.models import Level, UserNotification, UserProfile
from themis.notifications.draft import FIELDS
from themis.notifications.readers import Variant, variant_of

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.db.backends.utils import _SQLType as SQLValue

    Parameters = dict[str, SQLValue]

# The order of the recipients keeps two calls from locking each other out. The only
# constraint that a row can conflict with is the one on deduplication_key.
_INSERT = """
INSERT INTO themis_usernotification (
    user_id, title, message, level, url, source_app, source_model, source_id,
    created_at, expires_at, deduplication_key
)
SELECT
    recipient.id, {title}, {message}, %(level)s, %(url)s,
    %(source_app)s, %(source_model)s, %(source_id)s,
    %(created_at)s, %(expires_at)s, {deduplication_key}
FROM ({recipients}) AS recipient
LEFT JOIN themis_userprofile AS profile ON profile.user_id = recipient.id
{join_texts}
WHERE (
    profile.id IS NULL
    OR profile.notifications_enabled AND profile.notification_min_level IN ({levels})
)
AND NOT EXISTS (
    SELECT 1
    FROM themis_usernotification AS duplicate
    WHERE %(deduplicate)s
    AND duplicate.user_id = recipient.id
    AND duplicate.source_app = %(source_app)s
    AND duplicate.source_model = %(source_model)s
    AND duplicate.source_id = %(source_id)s
    AND duplicate.read_at IS NULL
    AND duplicate.dismissed_at IS NULL
    AND (duplicate.expires_at IS NULL OR duplicate.expires_at > %(created_at)s)
    AND (
        %(has_source)s
        OR duplicate.title = {title} AND duplicate.message = {message}
        AND duplicate.level = %(level)s AND duplicate.url = %(url)s
    )
)
ORDER BY recipient.id
ON CONFLICT DO NOTHING"""

# Each reader's text, by what their profile says. Without one, they read the default.
_JOIN_TEXTS = """
{outer}JOIN (VALUES {texts}) AS text
ON text.column1 = COALESCE({variant}, %(default_variant)s)"""

SEPARATOR = "\x1f"  # stands in no value of a profile


def insertion(
    connection: BaseDatabaseWrapper,
    recipients: str,
    recipients_params: "Sequence[SQLValue]",
    notification: UserNotification,
    by_variant: Mapping[Variant, UserNotification] | None = None,
    *,
    only_these_variants: bool = False,
) -> "tuple[str, Parameters]":
    """Return the INSERT for those recipients who are to get the notification.

    Args:
        recipients: a SELECT of ids of users, with its positional parameters.
        notification: what they get.
        by_variant: what the readers of each variant get instead.
        only_these_variants: leave out the readers of all other variants.
    """
    levels = Level(notification.level).passes
    select, params = _named(recipients, recipients_params)
    has_key = notification.deduplication_key is not None
    params |= {
        **_values(connection, notification),
        **{f"level_{number}": level.value for number, level in enumerate(levels)},
        "deduplicate": has_key,
        "has_source": notification.has_source,
    }
    columns = {name: f"%({name})s" for name in _RENDERED}
    join = ""
    if by_variant:
        join, join_params = _join_texts(connection, by_variant, only_these_variants)
        params |= join_params
        columns |= {
            "title": "COALESCE(text.column2, %(title)s)",
            "message": "COALESCE(text.column3, %(message)s)",
        }
        if has_key and not notification.has_source:
            columns["deduplication_key"] = (
                "COALESCE(text.column4, %(deduplication_key)s)"
            )
    sql = _INSERT.format(
        **columns,
        recipients=select,
        join_texts=join,
        levels=", ".join(f"%(level_{number})s" for number in range(len(levels))),
    )
    return sql, params


def release_expired(
    database: str,
    notifications: Sequence[UserNotification],
    recipients: "Iterable[User | int]",
) -> None:
    """Let no expired row block a new one until the clean-up comes."""
    keys = {each.deduplication_key for each in notifications} - {None}
    if keys:
        UserNotification.objects.using(database).filter(
            user__in=recipients, deduplication_key__in=keys
        ).expired(notifications[0].created_at).update(deduplication_key=None)


_RENDERED = ("title", "message", "deduplication_key")


def _named(sql: str, params: "Sequence[SQLValue]") -> "tuple[str, Parameters]":
    """Return the SQL with a name for each of its positional parameters."""
    numbers = count()

    def name(match: re.Match[str]) -> str:
        return match[0] if match[0] == "%%" else f"%(recipients_{next(numbers)})s"

    named = re.sub("%%|%s", name, sql)
    return named, {f"recipients_{number}": each for number, each in enumerate(params)}


def _values(
    connection: BaseDatabaseWrapper, notification: UserNotification
) -> "Parameters":
    return {
        name: field.get_db_prep_save(getattr(notification, field.attname), connection)
        for name, field in FIELDS.items()
        if name not in ("id", "user")
    }


def _join_texts(
    connection: BaseDatabaseWrapper,
    by_variant: Mapping[Variant, UserNotification],
    only_these_variants: bool,
) -> "tuple[str, Parameters]":
    params: Parameters = {
        "separator": SEPARATOR,
        "default_variant": SEPARATOR.join(variant_of(UserProfile())),
    }
    rows = []
    for number, (variant, notification) in enumerate(by_variant.items()):
        values = _values(connection, notification)
        row: Parameters = {f"variant_{number}": SEPARATOR.join(variant)}
        row |= {f"{name}_{number}": values[name] for name in _RENDERED}
        params |= row
        rows.append("(" + ", ".join(f"%({name})s" for name in row) + ")")
    columns = (f"profile.{name}" for name in UserProfile.VARIANT_FIELDS)
    join = _JOIN_TEXTS.format(
        outer="" if only_these_variants else "LEFT ",
        texts=", ".join(rows),
        variant=" || %(separator)s || ".join(columns),
    )
    return join, params
