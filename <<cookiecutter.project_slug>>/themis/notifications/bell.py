"""What the bell shows: the badge on a page, the newest rows in the answer to a poll."""

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
MOST = 99  # unread ones that are counted; beyond, the badge says "99+"
MESSAGE_LENGTH = 500  # characters of a message

# Constant, because every page and every poll runs one of these: for the ORM to build
# the same took longer than for the database to answer. The tests compare them with
# `visible()` and `unread()`. The order is one that no other index has.
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
    """Read the database when a value is asked for: by one statement for the badge.

    Another one reads the newest rows. Ask for them first, and the badge costs nothing.
    """

    def __init__(self, user: "User") -> None:
        self.user = user

    @cached_property
    def newest(self) -> list[UserNotification]:
        """The newest visible ones, read or not, newest first."""
        rows: list[Any] = list(UserNotification.objects.raw(ROWS, self._parameters))
        self._badge = (rows[0].unread_count, rows[0].pk) if rows else (0, None)
        return rows

    @property
    def newest_id(self) -> int | None:
        """The primary key of the newest visible one."""
        return self._badge[1]

    @property
    def unread(self) -> int:
        """How many are unread: 100 means more than 99. Counting on would be slow."""
        return self._badge[0]

    @property
    def badge(self) -> str:
        """`""`, `"1"` … `"99"` or `"99+"`."""
        return f"{MOST}+" if self.unread > MOST else str(self.unread or "")

    @property
    def interval(self) -> int:
        """Seconds until the next poll; 0 switches polling off."""
        return conf.poll_interval()

    @cached_property
    def etag(self) -> str:
        """Return the same for as long as the answer to a poll would be the same."""
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
