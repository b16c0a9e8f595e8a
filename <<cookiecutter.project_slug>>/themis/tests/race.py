"""Functions that several processes run at once: see test_race.py."""

import sys
import time
from contextlib import suppress
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from themis.http.once import once
from themis.models import Level, UserNotification
from themis.notifications import notify_user, notify_users, sending


def source(number):
    names = {"source_app": "tasks", "source_model": "Task"}
    return {**names, "source_id": str(number)}


def exact(user, number):
    with transaction.atomic():
        created = notify_user(user, "Overdue", deduplicate=True, **source(number))
        assert user.notifications.exists()  # the transaction is still usable
    return created is not None


def mixing(user, number):
    """Notify with equal levels of different types."""
    level = [Level.WARNING, "warning"][number % 2]
    return notify_user(user, "Late", level=level, deduplicate=True) is not None


def undoing(user, number):
    """Mark unread and restore, while others notify about the same source."""
    rows = UserNotification.objects.filter(user=user, **source(0))
    notify_user(user, "Overdue", deduplicate=True, **source(0))
    rows.mark_read()
    rows.mark_unread()
    rows.dismiss()
    rows.restore()
    return rows.unread().count() > 1


def forms(user, number):
    """Send the same form as the other processes."""
    acts = []

    @once
    def view(request):
        acts.append(request)
        return HttpResponseRedirect("/")

    request = RequestFactory().post(f"/{number}/", {"csrfmiddlewaretoken": "token"})
    request.user = user
    assert view(request).url == "/"
    return len(acts)


def deleting(user, number):
    """Notify users while other processes delete them."""
    everyone = get_user_model().objects.exclude(pk=user.pk)
    with transaction.atomic():
        notify_users(everyone.all(), "Hello")
        for other in everyone.order_by("?")[:5]:
            notify_user(other, "Hello")
    for other in everyone.order_by("?")[:1]:
        # Django collects related rows first: rows that are added later stop it.
        with suppress(IntegrityError):
            other.delete()
    return 0


def naive(user, number):
    """Check, then write, as `deduplicate` would without the constraint."""
    if UserNotification.objects.filter(user=user, **source(number)).unread().exists():
        return False
    time.sleep(0.002)  # for other work of the caller
    notify_user(user, "Overdue", **source(number))
    return True


def many(user, number):
    everyone = get_user_model().objects.all()
    return notify_users(everyone, "Overdue", deduplicate=True, **source(number))


def crossing(user, number):
    """Notify all users in random order, many with an expired notification."""
    sending.BATCH_SIZE = 5
    users = list(get_user_model().objects.order_by("?"))
    soon = timezone.now() + timedelta(milliseconds=20)
    return notify_users(
        users, "Overdue", deduplicate=True, expires_at=soon, **source(0)
    )


def run(how, calls):
    """Wait for a line of input, so that all start together. Print the count."""
    user = get_user_model().objects.get(username="ada")
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    created = sum(how(user, number) for number in range(calls))
    sys.stdout.write(f"{created}\n")
