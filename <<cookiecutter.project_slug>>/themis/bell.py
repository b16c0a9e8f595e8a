"""What the bell shows, on a page and in the answer to a poll."""

from functools import cached_property
from typing import Any

from themis import conf
from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet

NEWEST = 10  # rows in the popover
MOST = 99  # unread ones that are counted; beyond, the badge says "99+"


class Bell:
    """Reads the database when a value is asked for, once each."""

    def __init__(self, user: Any) -> None:
        self.mailbox: NotificationQuerySet = UserNotification.objects.filter(user=user)

    @cached_property
    def unread(self) -> int:
        """How many are unread: 100 means more than 99. Counting on would be slow."""
        return self.mailbox.unread()[: MOST + 1].count()

    @property
    def badge(self) -> str:
        """`""`, `"1"` … `"99"` or `"99+"`."""
        return f"{MOST}+" if self.unread > MOST else str(self.unread or "")

    @cached_property
    def newest(self) -> list[UserNotification]:
        """The newest visible ones, read or not, newest first."""
        return list(self.mailbox.visible().order_by("-id")[:NEWEST])

    @property
    def interval(self) -> int:
        """Seconds until the next poll; 0 switches polling off."""
        return conf.poll_interval()
