"""What the bell shows: the badge on each page, and the newest rows in a poll."""

from functools import cached_property
from hashlib import md5
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.utils import timezone

from themis import conf
from themis.formatting import current_profile
from themis.models import UserNotification

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

NEWEST = 10  # rows in the popover
MOST = 99  # the highest count; above it, the badge says "99+"
MESSAGE_LENGTH = 500  # characters shown of a message

# Raw SQL, because every page and every poll runs one of these, and the ORM took longer
# to build them than the database to run them. Tests compare them with `visible()` and
# `unread()`. Only the indexes of the mailbox have this order.
UNREAD = """(
    SELECT COUNT(*) FROM (
        SELECT 1 FROM themis_usernotification
        WHERE user_id = %(user)s AND dismissed_at IS NULL AND read_at IS NULL
        AND (expires_at IS NULL OR expires_at > %(now)s)
        ORDER BY id DESC NULLS LAST LIMIT %(counted)s
    ) AS unread
)"""
VISIBLE = """
    FROM themis_usernotification
    WHERE user_id = %(user)s AND dismissed_at IS NULL
    AND (expires_at IS NULL OR expires_at > %(now)s)
    ORDER BY id DESC NULLS LAST
"""
BADGE = f"SELECT {UNREAD}, (SELECT id {VISIBLE} LIMIT 1)"
ROWS = f"""
    SELECT id, title, SUBSTR(message, 1, %(length)s) AS message, level, created_at,
    read_at, {UNREAD} AS unread_count {VISIBLE} LIMIT %(newest)s
"""


class Bell:
    """The values of the bell, read when needed.

    The badge takes one query, and the newest rows another. If the rows are read first,
    the badge needs no query.
    """

    def __init__(self, user: "User") -> None:
        self.user = user

    @cached_property
    def newest(self) -> list[UserNotification]:
        """The newest visible notifications, read or not, newest first."""
        rows: list[Any] = list(UserNotification.objects.raw(ROWS, self._parameters))
        self._badge = (rows[0].unread_count, rows[0].pk) if rows else (0, None)
        return rows

    @property
    def newest_id(self) -> int | None:
        """The primary key of the newest visible notification."""
        return self._badge[1]

    @property
    def unread(self) -> int:
        """The number of unread ones, up to 100, which means more than 99."""
        return self._badge[0]

    @property
    def badge(self) -> str:
        """`""`, `"1"` … `"99"` or `"99+"`."""
        return f"{MOST}+" if self.unread > MOST else str(self.unread or "")

    @property
    def interval(self) -> int:
        """Seconds until the next poll; 0 turns polling off."""
        return conf.poll_interval()

    @cached_property
    def etag(self) -> str:
        """Return a tag that changes whenever the response to a poll changes."""
        profile = current_profile()
        state = (
            self.user.pk,
            [
                (row.pk, row.title, row.message, row.level, row.created_at, row.read_at)
                for row in self.newest
            ],
            self.unread,
            self.interval,
            [getattr(profile, name) for name in profile.VARIANT_FIELDS],
        )
        return f'"{md5(repr(state).encode(), usedforsecurity=False).hexdigest()}"'

    @cached_property
    def _badge(self) -> tuple[int, int | None]:
        with connections[UserNotification.objects.db].cursor() as cursor:
            cursor.execute(BADGE, self._parameters)
            unread, newest = cursor.fetchone()
        return unread, newest

    @property
    def _parameters(self) -> dict[str, Any]:
        connection = connections[UserNotification.objects.db]
        user = UserNotification._meta.get_field("user")
        return {
            "user": user.get_db_prep_value(self.user.pk, connection),
            "now": connection.ops.adapt_datetimefield_value(timezone.now()),
            "counted": MOST + 1,
            "newest": NEWEST,
            "length": MESSAGE_LENGTH,
        }
