"""What the bell shows, on a page and in the answer to a poll."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import IntegerField, Subquery

from themis import conf
from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

NEWEST = 10  # rows in the popover
MOST = 99  # unread ones that are counted; beyond, the badge says "99+"


class CountOf(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Bell:
    """Reads the database when a value is asked for: once, by one query."""

    def __init__(self, user: "User") -> None:
        self.mailbox: NotificationQuerySet = UserNotification.objects.filter(user=user)

    @property
    def newest(self) -> list[UserNotification]:
        """The newest visible ones, read or not, newest first."""
        return self._mail[0]

    @property
    def unread(self) -> int:
        """How many are unread: 100 means more than 99. Counting on would be slow."""
        return self._mail[1]

    @property
    def badge(self) -> str:
        """`""`, `"1"` … `"99"` or `"99+"`."""
        return f"{MOST}+" if self.unread > MOST else str(self.unread or "")

    @property
    def interval(self) -> int:
        """Seconds until the next poll; 0 switches polling off."""
        return conf.poll_interval()

    @cached_property
    def _mail(self) -> tuple[list[UserNotification], int]:
        unread = self.mailbox.unread().newest_first().values("pk")[: MOST + 1]
        visible = self.mailbox.visible().newest_first()
        newest = list(visible.annotate(unread_count=CountOf(unread))[:NEWEST])
        return list(newest), newest[0].unread_count if newest else 0
