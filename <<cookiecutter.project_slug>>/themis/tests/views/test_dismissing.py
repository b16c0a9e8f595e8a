"""Dismissed notifications can be restored. None is dismissed by mistake."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from themis.models import UserNotification
from themis.notifications import notify_user
from themis.views.notifications import MANY

LIST = reverse("themis:notification-list")
DISMISSED = f"{LIST}?state=dismissed"
DISMISS = reverse("themis:notifications-dismiss")
RESTORE = reverse("themis:notifications-restore")
POLL = reverse("themis:notification-poll")


@pytest.fixture(autouse=True)
def logged_in(client, user):
    client.force_login(user)


def one(name, notification):
    return reverse(f"themis:notification-{name}", args=[notification.pk])


def undo(client, page):
    """Click the only button "Undo" of a page."""
    html = page.content.decode()
    [form] = re.findall(rf'action="{RESTORE}".*?</form>', html, re.DOTALL)
    [moment] = re.findall(r'name="dismissed_at" value="([^"]+)"', form)
    return client.post(RESTORE, {"dismissed_at": moment}, follow=True)


def titles(response):
    return [str(notification) for notification in response.context["notifications"]]


def test_undo_of_many(client, user):
    notify_user(user, "long ago").dismiss()
    newest = [notify_user(user, str(number)) for number in range(3)][-1]
    page = client.post(DISMISS, {"up_to": newest.pk}, follow=True)
    assert titles(page) == []

    assert titles(undo(client, page)) == ["2", "1", "0"]


def test_undo_of_one(client, user):
    notification = notify_user(user, "Hello")
    page = client.post(one("dismiss", notification), follow=True)

    assert titles(undo(client, page)) == ["Hello"]


def test_undo_restores_the_previous_state(client, user):
    notify_user(user, "read").mark_read()
    newest = notify_user(user, "unread")
    undo(client, client.post(DISMISS, {"up_to": newest.pk}, follow=True))

    assert [str(row) for row in UserNotification.objects.unread()] == ["unread"]


@pytest.mark.parametrize("again", [True, False])
def test_nothing_dismissed_is_nothing_to_undo(client, user, again):
    if again:
        notification = notify_user(user, "Hello")
        notification.dismiss()
        page = client.post(one("dismiss", notification), follow=True)
    else:
        page = client.post(DISMISS, follow=True)

    assert RESTORE not in page.content.decode()


def test_bell_gets_no_undo_message(client, user):
    notification = notify_user(user, "Hello")
    response = client.post(one("dismiss", notification), {"next": POLL})

    assert response.url == POLL
    assert "messages" not in client.session or not list(client.session["messages"])


def test_list_of_the_dismissed(client, user):
    notify_user(user, "here")
    for title in ("one", "two"):
        notify_user(user, title).dismiss()
    notify_user(user, "expired").dismiss()
    expired = UserNotification.objects.filter(title="expired")
    expired.update(expires_at=timezone.now())

    assert titles(client.get(DISMISSED)) == ["two", "one"]


def test_restore_selected(client, user):
    rows = [notify_user(user, str(number)) for number in range(3)]
    UserNotification.objects.all().dismiss()
    ids = [row.pk for row in rows[:2]]
    page = client.post(RESTORE, {"ids": ids, "next": DISMISSED}, follow=True)

    assert titles(page) == ["2"]
    assert titles(client.get(LIST)) == ["1", "0"]


def test_other_users_rows_stay_dismissed(client, user, other_user):
    foreign = notify_user(other_user, "foreign")
    moment = timezone.now()
    UserNotification.objects.all().dismiss(moment)
    client.post(RESTORE, {"dismissed_at": moment.isoformat()})
    client.post(RESTORE, {"ids": [foreign.pk]})

    assert UserNotification.objects.dismissed().exists()


@pytest.mark.parametrize(
    "data",
    [{"dismissed_at": value} for value in ("x", "2026-02-30T00:00:00Z", "2026-01-01")]
    + [{"dismissed_at": "2026-01-01T10:00:00"}, {"ids": "x"}],
)
def test_bad_input_is_not_found(client, data):
    assert client.post(RESTORE, data).status_code == 404


@pytest.mark.parametrize(("count", "asks"), [(MANY, False), (MANY + 1, True)])
def test_asks_before_dismissing_many(client, user, count, asks):
    for number in range(count):
        notify_user(user, str(number))
    html = client.get(LIST).content.decode()

    assert ('id="dismiss-all"' in html) is asks
    assert f'formaction="{DISMISS}" name="up_to"' in html


@pytest.mark.parametrize("name", ["read", "unread", "dismiss"])
def test_form_leads_back_to_its_row(client, user, name):
    older, newer = (notify_user(user, title) for title in ("older", "newer"))
    if name == "unread":
        newer.mark_read()
    row = older if name == "dismiss" else newer
    data = {"next": f"{LIST}?state=#notification-1"}
    response = client.post(one(name, newer), data)

    assert response.url == f"{LIST}?state=#notification-{row.pk}"
    assert f'id="notification-{row.pk}"' in client.get(LIST).content.decode()


def test_without_a_row_below_it_leads_back_to_the_list(client, user):
    notification = notify_user(user, "Hello")

    assert client.post(one("dismiss", notification)).url == LIST
