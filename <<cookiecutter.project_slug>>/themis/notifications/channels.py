"""The signal that tells other channels, such as email, about new notifications."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet

# Sent once for each call that created something, after its transaction has committed.
# Receivers get `notifications`, a queryset of the new rows. If one raises, the error is
# logged and the others still run.
#
#     @receiver(notified)
#     def on_notified(sender, notifications, **kwargs):
#         for notification in notifications.select_related("user__profile"):
#             ...
notified = Signal()


def announce(notification: UserNotification, database: str) -> None:
    """Send the signal for one notification, after the commit."""
    if notified.has_listeners(UserNotification):
        rows = UserNotification.objects.using(database)
        _after_commit(rows.filter(pk=notification.pk), database)


def announce_many(source_keys: set[int], created_at: datetime, database: str) -> None:
    """Send the signal for the rows of one broadcast, after the commit."""
    if notified.has_listeners(UserNotification):
        rows = UserNotification.objects.using(database)
        keys = sorted(source_keys)
        _after_commit(rows.filter(source_key__in=keys, created_at=created_at), database)


def _after_commit(notifications: NotificationQuerySet, database: str) -> None:
    send = partial(
        notified.send_robust,
        UserNotification,
        notifications=notifications.order_by("id"),
    )
    transaction.on_commit(send, using=database)
