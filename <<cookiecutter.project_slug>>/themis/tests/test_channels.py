import logging

import pytest
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from themis.models import UserNotification
from themis.notifications import notified, notify_user, notify_users

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """The notifications that a channel receives: one list for each call."""
    heard = []

    def listen(sender, notifications, **kwargs):
        assert sender is UserNotification
        heard.append(list(notifications))

    notified.connect(listen)
    yield heard
    notified.disconnect(listen)


def test_one(user, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notification = notify_user(user, "Hello")
        assert heard == []

    assert heard == [[notification]]


def test_many_send_one_signal(
    user, other_user, heard, django_capture_on_commit_callbacks
):
    notify_user(user, "Hello")
    with django_capture_on_commit_callbacks(execute=True):
        notify_users([user, other_user], "Hello")

    [rows] = heard
    assert [row.user for row in rows] == [user, other_user]


def test_many_in_several_languages(
    user, other_user, heard, django_capture_on_commit_callbacks
):
    other_user.profile.language = "de"
    other_user.profile.save()
    with django_capture_on_commit_callbacks(execute=True):
        notify_users([user, other_user], format_lazy("{}", gettext_lazy("Monday")))

    [rows] = heard
    assert [row.title for row in rows] == ["Monday", "Montag"]


def test_nothing_created_sends_no_signal(
    user, heard, django_capture_on_commit_callbacks
):
    user.profile.notifications_enabled = False
    user.profile.save()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        notify_user(user, "Hello")
        notify_users([user], "Hello")

    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_rollback_sends_no_signal(user, heard):
    with transaction.atomic():
        notify_user(user, "Hello")
        transaction.set_rollback(True)

    assert heard == []


def test_without_receivers_no_extra_queries(user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        notify_user(user, "Hello")
        notify_users([user], "Hello")

    assert callbacks == []


def test_failing_channel_does_not_stop_others(
    user, heard, caplog, django_capture_on_commit_callbacks
):
    def fail(sender, **kwargs):
        raise RuntimeError("The mail server is away.")

    notified.connect(fail)
    try:
        with (
            caplog.at_level(logging.ERROR, "django.dispatch"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            notification = notify_user(user, "Hello")
    finally:
        notified.disconnect(fail)

    assert heard == [[notification]]
    assert "The mail server is away." in caplog.text
