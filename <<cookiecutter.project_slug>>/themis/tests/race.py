"""What each of several processes runs at once: see test_race.py."""

import sys
import time
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from themis import notifications
from themis.models import UserNotification
from themis.notifications import notify_user, notify_users


def source(number):
    names = {"source_app": "tasks", "source_model": "Task"}
    return {**names, "source_id": str(number)}


def exact(user, number):
    with transaction.atomic():
        created = notify_user(user, "Overdue", deduplicate=True, **source(number))
        assert user.notifications.exists()  # the transaction is still usable
    return created is not None


def naive(user, number):
    """Look before write: what `deduplicate` would be without the constraint."""
    if UserNotification.objects.filter(user=user, **source(number)).unread().exists():
        return False
    time.sleep(0.002)  # anything that the caller does in between
    notify_user(user, "Overdue", **source(number))
    return True


def many(user, number):
    everyone = get_user_model().objects.all()
    return notify_users(everyone, "Overdue", deduplicate=True, **source(number))


def crossing(user, number):
    """Everybody in another order each time, many with an expired notification."""
    notifications.BATCH_SIZE = 5
    users = list(get_user_model().objects.order_by("?"))
    soon = timezone.now() + timedelta(milliseconds=20)
    return notify_users(
        users, "Overdue", deduplicate=True, expires_at=soon, **source(0)
    )


def run(how, calls):
    """Waits for a line of input, so that all start together; says what it created."""
    user = get_user_model().objects.get(username="ada")
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    created = sum(how(user, number) for number in range(calls))
    sys.stdout.write(f"{created}\n")
