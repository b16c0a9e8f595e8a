import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from themis.formatting import format_datetime
from themis.models import Level, UserNotification
from themis.notifications import notify_user, register_kind
from themis.notifications.days import by_day

LIST = reverse("themis:notification-list")
POLL = reverse("themis:notification-poll")
READ = reverse("themis:notifications-read")
DISMISS = reverse("themis:notifications-dismiss")


@pytest.fixture(autouse=True)
def logged_in(client, user):
    client.force_login(user)


def page(response):
    """The target of a redirect, without the row."""
    return response.url.partition("#")[0]


def titles(response):
    return [notification.title for notification in response.context["notifications"]]


# The list


def test_list_is_newest_first(client, user):
    for title in ("one", "two", "three"):
        notify_user(user, title)

    assert titles(client.get(LIST)) == ["three", "two", "one"]


def test_list_shows_no_dismissed_expired_or_foreign_ones(client, user, other_user):
    notify_user(user, "dismissed").dismiss()
    notify_user(user, "expired")
    UserNotification.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    notify_user(other_user, "foreign")

    assert titles(client.get(LIST)) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["new", "old"]),
        ("?state=unread", ["new"]),
        ("?state=read", ["old"]),
        ("?level=danger", ["new"]),
        ("?level=info&state=unread", []),
        ("?state=nonsense&level=nonsense", ["new", "old"]),
    ],
)
def test_filters(client, user, query, shown):
    notify_user(user, "old").mark_read()
    notify_user(user, "new", level="danger")

    assert titles(client.get(LIST + query)) == shown


@pytest.fixture
def orders(monkeypatch):
    monkeypatch.setattr("themis.notifications.kinds._kinds", {})
    return register_kind("shop", "Order.late", "Late orders")


def test_filter_by_kind(client, user, orders):
    notify_user(user, "late", **orders.source)
    notify_user(user, "other", source_app="shop", source_model="Order")

    page = client.get(LIST, {"kind": orders.key})
    assert titles(page) == ["late"]
    assert '<option value="shop.Order.late" selected>Late orders</option>' in page.text
    assert titles(client.get(LIST, {"kind": "nonsense"})) == ["other", "late"]


def test_tabs_keep_the_filters_and_begin_at_the_newest(client, user):
    for number in range(3):
        notify_user(user, str(number))
    query = {"state": "dismissed", "level": "info", "before": "1"}
    page = client.get(LIST, query).text

    assert re.findall(r'href="(/notifications/\?[^"]*)" (aria-current)?', page)[:3] == [
        (f"{LIST}?state=unread&amp;level=info", ""),
        (f"{LIST}?level=info", ""),
        (f"{LIST}?state=dismissed&amp;level=info", "aria-current"),
    ]
    assert re.search(r"data-count *>3<", page)


def test_days_are_the_readers(client, user):
    """Whether it is already or still Thursday depends on the time zone."""
    user.profile.timezone = "Pacific/Auckland"
    user.profile.date_format = "d.m.Y"
    user.profile.save()
    now = datetime(2026, 1, 8, 11, 30, tzinfo=UTC)  # half past midnight, on the 9th
    for hours in (25, 1, 0.75, 0.25):
        notify_user(user, f"{hours} hours ago")
        UserNotification.objects.filter(title=f"{hours} hours ago").update(
            created_at=now - timedelta(hours=hours)
        )
    days = [
        (day.name, [str(row) for row, _kind in day.rows])
        for day in client.get(LIST).context["days"]
    ]
    assert [rows for _name, rows in days] == [
        ["0.25 hours ago"],
        ["0.75 hours ago", "1 hours ago"],
        ["25 hours ago"],
    ]
    assert [name for name, _rows in days] == ["09.01.2026", "08.01.2026", "07.01.2026"]


@pytest.mark.parametrize(
    ("days", "name"), [(0, "Today"), (1, "Yesterday"), (2, "2026-01-06")]
)
def test_near_days_have_names(user, monkeypatch, days, name):
    now = datetime(2026, 1, 8, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    row = UserNotification(user=user, created_at=now - timedelta(days=days))

    assert [day.name for day in by_day([row])] == [name]


def test_pages_reach_every_row_once(client, user):
    for number in range(60):
        notify_user(user, str(number))

    seen, query = [], "state=unread"
    while query:
        response = client.get(f"{LIST}?{query}")
        seen += titles(response)
        query = response.context["older"]
        notify_user(user, "arrived while paging")

    assert seen == [str(number) for number in reversed(range(60))]


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "9" * 19, "9" * 5000, "٣"])
def test_bad_page_is_not_found(client, before):
    assert client.get(LIST, {"before": before}).status_code == 404


def test_title_and_message_are_shown_as_text(client, user):
    notify_user(user, "<b>bold</b>", "<script>alert(1)</script>")

    page = client.get(LIST).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_queries_do_not_grow_with_the_list(client, user, django_assert_num_queries):
    for number in range(25):
        notify_user(user, str(number))
    client.get(LIST)

    with django_assert_num_queries(4):  # session, user with profile, list, bell
        client.get(LIST)


def test_rows_lead_to_their_views(client, user):
    notification = notify_user(user, "Hello")

    page = client.get(LIST).text
    for name in ("open", "read", "dismiss"):
        url = reverse(f"themis:notification-{name}", args=[notification.pk])
        assert f'formaction="{url}"' in page


def test_full_page_is_small_on_the_wire(client, user):
    for number in range(30):
        notify_user(
            user,
            f"Task {number} is overdue",
            "It was due yesterday, and it is assigned to you.",
            level=Level.values[number % len(Level.values)],
        )

    response = client.get(LIST, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 6000


# The poll


def test_poll(client, user):
    notification = notify_user(user, "Hello", "World", level="warning", url="/tasks/")

    assert client.get(POLL).json() == {
        "user": str(user.pk),
        "unread": 1,
        "badge": "1",
        "interval": 60,
        "notifications": [
            {
                "id": notification.pk,
                "title": "Hello",
                "message": "World",
                "level": "warning",
                "url": f"/notifications/{notification.pk}/open/",
                "created_at": notification.created_at.isoformat(),
                "created": format_datetime(notification.created_at),
                "read": False,
            }
        ],
    }


def test_poll_shows_the_ten_newest(client, user):
    for number in range(12):
        notify_user(user, str(number))

    content = client.get(POLL).json()
    assert content["unread"] == 12
    assert [row["title"] for row in content["notifications"]] == [
        str(number) for number in range(11, 1, -1)
    ]


def test_poll_counts_no_further_than_100(client, user):
    UserNotification.objects.bulk_create(
        UserNotification(user=user, title="Hello") for _ in range(150)
    )
    content = client.get(POLL).json()

    assert (content["unread"], content["badge"]) == (100, "99+")


def test_poll_returns_its_interval(client, settings):
    settings.THEMIS_NOTIFICATION_POLL_INTERVAL = 0

    assert client.get(POLL).json()["interval"] == 0


def test_unchanged_mailbox_is_304(client, user):
    notify_user(user, "Hello")
    first = client.get(POLL)
    again = client.get(POLL, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_unchanged_mailbox_is_304_when_it_was_compressed(client, user):
    for number in range(10):
        notify_user(user, str(number))
    headers = {"Accept-Encoding": "gzip"}
    first = client.get(POLL, headers=headers)
    again = client.get(POLL, headers=headers | {"If-None-Match": first["ETag"]})

    assert first["Content-Encoding"] == "gzip"
    assert again.status_code == 304


def test_unchanged_mailbox_is_304_behind_a_proxy_that_compresses(client, user):
    etag = client.get(POLL)["ETag"]
    again = client.get(POLL, headers={"If-None-Match": f"W/{etag}"})

    assert again.status_code == 304


@pytest.mark.parametrize("change", ["notify", "mark_read", "dismiss"])
def test_changed_mailbox_is_200(client, user, change):
    notification = notify_user(user, "Hello")
    etag = client.get(POLL)["ETag"]
    if change == "notify":
        notify_user(user, "Hello")
    else:
        getattr(notification, change)()

    assert client.get(POLL, headers={"If-None-Match": etag}).status_code == 200


def test_poll_of_a_visitor_is_401_json(client):
    client.logout()
    response = client.get(POLL)

    assert response.status_code == 401
    assert response.json() == {"detail": "Sign in again."}


def test_poll_writes_nothing(client, user, django_assert_num_queries):
    notify_user(user, "Hello")
    # session, user with profile, bell
    with django_assert_num_queries(3) as captured:
        response = client.get(POLL)

    assert {query["sql"].split()[0] for query in captured} == {"SELECT"}
    assert not response.cookies


# One


def test_open_marks_as_read_and_goes_to_the_link(client, user):
    notification = notify_user(user, "Hello", url="/tasks/42/")
    response = client.post(notification.open_url)

    assert (response.status_code, response.url) == (302, "/tasks/42/")
    assert UserNotification.objects.get().read_at


def test_open_without_link_goes_to_the_list(client, user):
    assert client.post(notify_user(user, "Hello").open_url).url == LIST


def test_open_shows_a_link_to_another_site(client, user):
    notification = notify_user(user, "Hello", url="https://example.com/a?b=1")
    response = client.post(notification.open_url)

    assert response.status_code == 200
    assert 'href="https://example.com/a?b=1"' in response.content.decode()


def test_open_follows_no_unsafe_link(client, user):
    notification = notify_user(user, "Hello")
    UserNotification.objects.update(url="javascript:alert(1)")

    assert client.post(notification.open_url).url == LIST


@pytest.mark.parametrize(
    ("name", "field"), [("read", "read_at"), ("dismiss", "dismissed_at")]
)
def test_read_and_dismiss(client, user, name, field):
    notification = notify_user(user, "Hello")
    response = client.post(
        reverse(f"themis:notification-{name}", args=[notification.pk])
    )

    assert (response.status_code, page(response)) == (302, LIST)
    assert getattr(UserNotification.objects.get(), field)


@pytest.mark.parametrize(
    ("name", "do", "field"),
    [("unread", "mark_read", "read_at"), ("restore", "dismiss", "dismissed_at")],
)
def test_unread_and_restore(client, user, name, do, field):
    notification = notify_user(user, "Hello")
    getattr(notification, do)()
    url = reverse(f"themis:notification-{name}", args=[notification.pk])
    response = client.post(url, {"next": "/settings/"})

    assert (response.status_code, page(response)) == (302, "/settings/")
    assert getattr(UserNotification.objects.get(), field) is None


@pytest.mark.parametrize(
    ("name", "do", "field"),
    [("unread", "mark_read", "read_at"), ("restore", "dismiss", "dismissed_at")],
)
def test_unread_and_restore_are_superseded_by_a_newer_one(
    client, user, name, do, field
):
    source = {"source_app": "ci", "deduplicate": True}
    old = notify_user(user, "Build failed", **source)
    getattr(old, do)()
    new = notify_user(user, "Build failed", **source)
    response = client.post(reverse(f"themis:notification-{name}", args=[old.pk]))

    assert (response.status_code, page(response)) == (302, LIST)
    assert list(UserNotification.objects.unread()) == [new]


each = pytest.mark.parametrize(
    "name", ["open", "read", "unread", "dismiss", "restore", "mute"]
)


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("open", "mark_read"),
        ("read", "mark_read"),
        ("unread", "mark_unread"),
        ("dismiss", "dismiss"),
        ("restore", "restore"),
    ],
)
@pytest.mark.parametrize("url", ["", "/tasks/42/"])
def test_concurrently_deleted_row_is_a_no_op(
    client, user, monkeypatch, name, verb, url
):
    """The clean-up or another request may delete it after this one has found it."""
    notification = notify_user(user, "Hello", url=url)
    change = getattr(UserNotification, verb)

    def delete_and_change(found):
        UserNotification.objects.filter(pk=found.pk).delete()
        change(found)

    monkeypatch.setattr(UserNotification, verb, delete_and_change)
    response = client.post(
        reverse(f"themis:notification-{name}", args=[notification.pk])
    )

    goes_to = url if name == "open" and url else LIST
    assert (response.status_code, page(response)) == (302, goes_to)
    assert not UserNotification.objects.exists()


@each
def test_other_users_row_is_not_found(client, other_user, name):
    foreign = notify_user(other_user, "Hello")
    moment = timezone.now() if name in {"unread", "restore"} else None
    UserNotification.objects.update(read_at=moment, dismissed_at=moment)
    url = reverse(f"themis:notification-{name}", args=[foreign.pk])

    assert client.post(url).status_code == 404
    states = {"read_at": moment, "dismissed_at": moment}
    assert UserNotification.objects.filter(**states).exists()


@each
def test_get_is_not_allowed(client, user, name):
    notification = notify_user(user, "Hello")
    url = reverse(f"themis:notification-{name}", args=[notification.pk])

    assert client.get(url).status_code == 405


@each
@pytest.mark.parametrize("pk", ["0", "9" * 25, "9" * 5000])
def test_missing_one_is_not_found(client, name, pk):
    assert client.post(f"/notifications/{pk}/{name}/").status_code == 404


def mute(client, notification):
    url = reverse("themis:notification-mute", args=[notification.pk])
    return client.post(url, follow=True)


def test_mute_the_kind_of_a_row(client, user, orders):
    notification = notify_user(user, "Hello", **orders.source)
    form = f'formaction="{LIST}{notification.pk}/mute/"'
    assert form in client.get(LIST).text
    page = mute(client, notification)

    assert "Late orders" in str(list(page.context["messages"])[0])
    assert f'href="{reverse("themis:settings")}">Settings</a>' in page.text
    assert notify_user(user, "Hello", **orders.source) is None
    assert titles(page) == ["Hello"]


def test_mandatory_and_unknown_kinds_cannot_be_muted(client, user, orders):
    register_kind("shop", "Invoice", "Invoices", mandatory=True)
    rows = [
        notify_user(user, "mandatory", source_app="shop", source_model="Invoice"),
        notify_user(user, "unknown", source_app="shop", source_model="Order"),
        notify_user(user, "without a source"),
    ]

    assert "/mute/" not in client.get(LIST).text
    assert {mute(client, row).status_code for row in rows} == {404}


def test_foreign_kind_is_not_muted(client, user, other_user, orders):
    foreign = notify_user(other_user, "Hello", **orders.source)

    assert mute(client, foreign).status_code == 404
    assert notify_user(user, "Hello", **orders.source)


# Many


def test_mark_selected_as_read(client, user):
    notifications = [notify_user(user, str(number)) for number in range(3)]
    client.post(READ, {"ids": [notifications[0].pk, notifications[2].pk]})

    assert [str(row) for row in UserNotification.objects.unread()] == ["1"]


def test_dismiss_selected(client, user):
    first = notify_user(user, "first")
    notify_user(user, "second")
    client.post(DISMISS, {"ids": [first.pk]})

    assert [str(row) for row in UserNotification.objects.visible()] == ["second"]


@pytest.mark.parametrize("url", [READ, DISMISS])
def test_mark_all_spares_later_arrivals(client, user, url):
    newest = notify_user(user, "seen")
    notify_user(user, "arrived meanwhile")
    client.post(url, {"up_to": newest.pk})

    assert [str(row) for row in UserNotification.objects.unread()] == [
        "arrived meanwhile"
    ]


@pytest.mark.parametrize("url", [READ, DISMISS])
@pytest.mark.parametrize("data", [{}, {"ids": []}])
def test_nothing_selected_changes_nothing(client, user, url, data):
    notify_user(user, "Hello")
    client.post(url, data)

    assert UserNotification.objects.unread().exists()


@pytest.mark.parametrize("url", [READ, DISMISS])
def test_other_users_rows_are_unchanged(client, other_user, url):
    foreign = notify_user(other_user, "Hello")
    client.post(url, {"ids": [foreign.pk]})
    client.post(url, {"up_to": foreign.pk})

    assert UserNotification.objects.unread().exists()


@pytest.mark.parametrize("data", [{"ids": "x"}, {"ids": "9" * 30}, {"up_to": "x"}])
def test_bad_ids_are_not_found(client, data):
    assert client.post(READ, data).status_code == 404


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/notifications/?state=unread", "/notifications/?state=unread"),
        ("https://example.com/", LIST),
        ("//example.com/", LIST),
        ("javascript:alert(1)", LIST),
        ("", LIST),
    ],
)
def test_returns_only_to_this_site(client, target, goes_to):
    assert client.post(READ, {"next": target}).url == goes_to


def test_visitor_is_asked_to_log_in(client):
    client.logout()

    assert client.get(LIST).url == f"{reverse('account_login')}?next={LIST}"
