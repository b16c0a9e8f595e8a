"""The one way to notify a user. Everything else in Themis shows the result.

notify_user(user, "Task overdue", level="warning", url="/tasks/42/")
"""

from themis.notifications.channels import notified
from themis.notifications.kinds import register_kind
from themis.notifications.links import is_safe_url
from themis.notifications.sending import notify_user, notify_users

__all__ = [
    "is_safe_url",
    "notified",
    "notify_user",
    "notify_users",
    "register_kind",
]
