"""The operations of the JSON API: their responses and errors."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from themis.api_keys import issue
from themis.models import UserNotification
from themis.models.notification import NotificationQuerySet
from themis.notifications import notify_user

SCOPES = ["notifications:read", "notifications:write", "notifications:send"]
ROOT = "/api/v1"


@pytest.fixture
def call(client, user):
    """Send a request with a key of the user that has every scope."""
    key, text = issue(user, "CI", SCOPES)
    user.notifications.all().delete()  # the one about the new key

    def send(method, path, data=None, **headers):
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        return client.generic(
            method,
            f"{ROOT}{path}",
            "" if data is None else body,
            content_type="application/json",
            headers={"authorization": f"Bearer {text}", **headers},
        )

    send.key = key
    return send


def problem(response):
    """Check a problem document. Return its status and detail."""
    assert response["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == "about:blank"
    assert document["title"]
    return response.status_code, document["detail"]


def test_me(call, user):
    response = call("GET", "/me")
    assert response.status_code == 200
    answer = response.json()
    assert answer["key"].pop("expires_at").endswith("Z")
    assert answer == {
        "username": "ada",
        "email": "ada@example.com",
        "language": "en",
        "timezone": user.profile.timezone,
        "key": {"name": "CI", "scopes": SCOPES},
    }


def test_responses_are_not_cached(call):
    assert call("GET", "/me")["Cache-Control"] == "no-store"


def test_cross_origin_requests_are_refused(call):
    response = call("GET", "/me", origin="https://evil.example")
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_session_does_not_authenticate_the_api(client, user):
    client.force_login(user)
    assert problem(client.get(f"{ROOT}/me")) == (
        401,
        "Send an API key: Authorization: Bearer thm_…",
    )


def test_key_does_not_open_pages(call, client):
    response = client.get("/settings/api-keys/", headers={"authorization": "x"})
    assert response.status_code == 302
    response = call("GET", "/docs/")
    assert response.status_code == 302


def test_list_newest_first(call, user):
    first, second = notify_user(user, "First"), notify_user(user, "Second")
    answer = call("GET", "/notifications").json()
    assert [item["id"] for item in answer["items"]] == [second.pk, first.pk]
    assert answer["next_cursor"] is None


def test_list_item(call, user):
    notification = notify_user(
        user, "Overdue", "Since yesterday.", level="warning", url="/tasks/1/",
        source_app="tasks", source_model="Task", source_id="1",
    )  # fmt: skip
    [item] = call("GET", "/notifications").json()["items"]
    assert item.pop("created_at").endswith("Z")
    assert item == {
        "id": notification.pk,
        "title": "Overdue",
        "message": "Since yesterday.",
        "level": "warning",
        "url": "/tasks/1/",
        "source_app": "tasks",
        "source_model": "Task",
        "source_id": "1",
        "read_at": None,
        "dismissed_at": None,
        "expires_at": None,
    }


def test_list_pages(call, user):
    pks = [notify_user(user, str(number)).pk for number in range(5)]
    path, seen = "/notifications?limit=2", []
    while True:
        answer = call("GET", path).json()
        seen += [item["id"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        path = f"/notifications?limit=2&cursor={answer['next_cursor']}"
    assert seen == pks[::-1]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("state=unread", ["Danger", "Unread"]),
        ("state=read", ["Read"]),
        ("state=dismissed", ["Dismissed"]),
        ("level=danger", ["Danger"]),
        ("level=danger&level=info", ["Danger", "Unread", "Read"]),
        ("source_app=tasks", ["Unread"]),
        ("source_model=Task&source_id=1", ["Unread"]),
        ("source_id=2", []),
    ],
)
def test_list_filters(call, user, query, titles):
    notify_user(user, "Read").mark_read()
    notify_user(user, "Unread", source_app="tasks", source_model="Task", source_id="1")
    notify_user(user, "Danger", level="danger")
    notify_user(user, "Dismissed", level="warning").dismiss()
    expired = [notify_user(user, "Expired"), notify_user(user, "Expired")]
    expired[0].dismiss()
    user.notifications.filter(title="Expired").update(expires_at=timezone.now())
    items = call("GET", f"/notifications?{query}").json()["items"]
    assert [item["title"] for item in items] == titles


def test_list_shows_only_own(call, other_user):
    notify_user(other_user, "Secret")
    assert call("GET", "/notifications").json()["items"] == []


def test_list_takes_two_queries(call, user, django_assert_num_queries):
    for number in range(30):
        notify_user(user, str(number))
    call("GET", "/notifications")
    with django_assert_num_queries(2):  # the key, the page
        call("GET", "/notifications")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=0", "cursor"),
        ("cursor=99999999999999999999", "cursor"),
        ("state=new", "state"),
        ("level=", "level"),
        ("level=urgent", "level"),
        ("level=info&level=urgent", "level"),
        ("source_app=%00", "source_app"),
        ("source_id=" + "x" * 256, "source_id"),
    ],
)
def test_list_refuses_a_parameter(call, query, name):
    response = call("GET", f"/notifications?{query}")
    assert problem(response) == (422, "Some values are wrong.")
    assert [error["pointer"] for error in response.json()["errors"]] == [name]


def test_unread_count(call, user):
    notify_user(user, "Unread")
    notify_user(user, "Read").mark_read()
    answer = call("GET", "/notifications/unread-count").json()
    assert answer == {"unread": 1, "has_more": False}


def test_unread_count_ends_at_99(call, user):
    for number in range(100):
        notify_user(user, str(number))
    answer = call("GET", "/notifications/unread-count").json()
    assert answer == {"unread": 99, "has_more": True}


def test_get(call, user):
    notification = notify_user(user, "Hello")
    answer = call("GET", f"/notifications/{notification.pk}")
    assert answer.json()["title"] == "Hello"


def test_read(call, user):
    notification = notify_user(user, "Hello")
    first = call("POST", f"/notifications/{notification.pk}/read").json()
    again = call("POST", f"/notifications/{notification.pk}/read").json()
    assert first["read_at"] is not None
    assert again == first


def test_unread(call, user):
    notification = notify_user(user, "Hello")
    notification.mark_read()
    first = call("POST", f"/notifications/{notification.pk}/unread").json()
    again = call("POST", f"/notifications/{notification.pk}/unread").json()
    assert first["read_at"] is None
    assert again == first
    assert user.notifications.unread().exists()


def test_dismiss(call, user):
    notification = notify_user(user, "Hello")
    for _attempt in range(2):
        response = call("POST", f"/notifications/{notification.pk}/dismiss")
        assert (response.status_code, response.content) == (204, b"")
    assert call("GET", "/notifications").json()["items"] == []
    answer = call("GET", f"/notifications/{notification.pk}").json()
    assert answer["dismissed_at"] is not None


def test_restore(call, user):
    notification = notify_user(user, "Hello")
    notification.dismiss()
    first = call("POST", f"/notifications/{notification.pk}/restore").json()
    again = call("POST", f"/notifications/{notification.pk}/restore").json()
    assert first["dismissed_at"] is None
    assert again == first
    assert call("GET", "/notifications").json()["items"] == [first]


@pytest.mark.parametrize(
    ("do", "undo", "field"),
    [("mark_read", "unread", "read_at"), ("dismiss", "restore", "dismissed_at")],
)
def test_undo_is_superseded_by_a_newer_one(call, user, do, undo, field):
    source = {"source_app": "ci", "deduplicate": True}
    old = notify_user(user, "Build failed", **source)
    getattr(old, do)()
    new = notify_user(user, "Build failed", **source)
    response = call("POST", f"/notifications/{old.pk}/{undo}")
    assert response.status_code == 200
    assert response.json()[field] is not None
    assert list(user.notifications.unread()) == [new]


def test_read_all(call, user, other_user):
    notify_user(user, "One")
    notify_user(user, "Two")
    theirs = notify_user(other_user, "Theirs")
    assert call("POST", "/notifications/read").json() == {"changed": 2}
    assert call("POST", "/notifications/read").json() == {"changed": 0}
    theirs.refresh_from_db()
    assert theirs.is_unread


def test_dismiss_all(call, user, other_user):
    notify_user(user, "One").mark_read()
    notify_user(user, "Two")
    theirs = notify_user(other_user, "Theirs")
    assert call("POST", "/notifications/dismiss").json() == {"changed": 2}
    assert call("POST", "/notifications/dismiss").json() == {"changed": 0}
    assert not user.notifications.visible().exists()
    theirs.refresh_from_db()
    assert theirs.dismissed_at is None


each = pytest.mark.parametrize(
    ("method", "action"),
    [
        ("GET", ""),
        ("POST", "/read"),
        ("POST", "/unread"),
        ("POST", "/dismiss"),
        ("POST", "/restore"),
    ],
)


@each
def test_other_users_rows_are_not_found(call, user, other_user, method, action):
    notification = notify_user(other_user, "Secret")
    states = {"read_at": None, "dismissed_at": None}
    if action in {"/unread", "/restore"}:
        states = dict.fromkeys(states, timezone.now())
        UserNotification.objects.update(**states)
    response = call(method, f"/notifications/{notification.pk}{action}")
    assert problem(response) == (404, "There is nothing here.")
    assert UserNotification.objects.filter(**states).exists()


@each
def test_expired_one_is_not_found(call, user, method, action):
    notification = notify_user(user, "Hello")
    user.notifications.update(expires_at=timezone.now())
    response = call(method, f"/notifications/{notification.pk}{action}")
    assert problem(response) == (404, "There is nothing here.")


@each
@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_impossible_ids_are_not_found(call, method, action, pk):
    assert call(method, f"/notifications/{pk}{action}").status_code == 404


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("action", "verb"),
    [
        ("read", "mark_read"),
        ("unread", "mark_unread"),
        ("dismiss", "dismiss"),
        ("restore", "restore"),
    ],
)
def test_concurrently_deleted_row_is_not_found(
    call, user, monkeypatch, action, verb, when
):
    """The clean-up or another request may delete it during this request."""
    notification = notify_user(user, "Hello")
    change = getattr(NotificationQuerySet, verb)
    deleted = []

    def change_and_delete(rows):
        if when == "before":
            deleted.append(user.notifications.all().delete()[0])
        count = change(rows)
        if when == "after":
            deleted.append(user.notifications.all().delete()[0])
        return count

    monkeypatch.setattr(NotificationQuerySet, verb, change_and_delete)
    response = call("POST", f"/notifications/{notification.pk}/{action}")
    assert problem(response) == (404, "There is nothing here.")
    assert deleted == [1]


def test_send(call, user):
    expires_at = timezone.now() + timedelta(days=1)
    response = call(
        "POST",
        "/notifications",
        {
            "title": "Build failed",
            "message": "main, step 3",
            "level": "danger",
            "url": "https://ci.example.com/1",
            "source_app": "ci",
            "source_model": "Build",
            "source_id": "1",
            "deduplicate": True,
            "expires_at": expires_at.isoformat(),
        },
    )
    assert response.status_code == 201
    notification = user.notifications.get()
    assert notification.pk == response.json()["id"]
    assert (notification.title, notification.level) == ("Build failed", "danger")
    assert notification.expires_at == expires_at
    assert notification.deduplicated


def test_send_a_title_alone(call, user):
    assert call("POST", "/notifications", {"title": "Done"}).status_code == 201
    assert user.notifications.get().level == "info"


def test_send_without_expiry(call, user):
    call("POST", "/notifications", {"title": "Done", "expires_at": None})
    assert user.notifications.get().expires_at is None


def test_send_a_duplicate(call, user):
    data = {"title": "Build failed", "source_app": "ci", "deduplicate": True}
    call("POST", "/notifications", data)
    response = call("POST", "/notifications", data)
    assert problem(response) == (409, "An unread notification of this source exists.")
    assert user.notifications.count() == 1


def test_send_muted(call, user):
    user.profile.notifications_enabled = False
    user.profile.save()
    response = call("POST", "/notifications", {"title": "Done"})
    assert problem(response) == (409, "Your preferences exclude this notification.")


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({}, "#/title"),
        ({"title": ""}, "#/title"),
        ({"title": " \t\u2003\x1c"}, "#/title"),
        ({"title": "x" * 201}, "#/title"),
        ({"title": 1}, "#/title"),
        ({"title": "x\x00"}, "#/title"),
        ({"title": "x", "message": "x" * 10_001}, "#/message"),
        ({"title": "x", "level": "urgent"}, "#/level"),
        ({"title": "x", "url": "javascript:alert(1)"}, "#/url"),
        ({"title": "x", "url": "//evil.example"}, "#/url"),
        ({"title": "x", "source_id": 1}, "#/source_id"),
        ({"title": "x", "deduplicate": "yes"}, "#/deduplicate"),
        ({"title": "x", "expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at"),
        ({"title": "x", "expires_at": "2099-01-01T00:00:00Z"}, "#/expires_at"),
        ({"title": "x", "expires_at": "2030-01-01T00:00:00"}, "#/expires_at"),
        ({"title": "x", "expires_at": 1_900_000_000}, "#/expires_at"),
        ({"title": "x", "user": 2}, "#/user"),
    ],
)
def test_send_refuses_a_value(call, user, data, pointer):
    response = call("POST", "/notifications", data)
    assert problem(response) == (422, "Some values are wrong.")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert not user.notifications.exists()


@pytest.mark.parametrize(
    "body",
    [
        "{",
        b'{"title": "\xff"}',
        '{"title": NaN}',
        r'{"title": "\ud800"}',
        "[" * 100_000,
        '{"title": "x"} {}',
    ],
)
def test_send_invalid_json(call, body):
    status, detail = problem(call("POST", "/notifications", body))
    assert status == 400
    assert detail.startswith("Cannot parse request body")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"title"', ""])
def test_send_a_json_array(call, body):
    assert problem(call("POST", "/notifications", body))[0] == 422


def test_send_too_much(call):
    body = json.dumps({"title": "x" * 3_000_000})
    assert problem(call("POST", "/notifications", body)) == (
        413,
        "The body of the request is too big.",
    )


@pytest.mark.parametrize("path", ["/nothing", "/%0A", "/notifications/%0A/read"])
def test_unknown_path(call, path):
    assert problem(call("GET", path)) == (404, "There is nothing here.")


def test_wrong_method(call):
    response = call("DELETE", "/notifications")
    assert problem(response) == (405, "Use one of these methods: GET, POST.")
    assert response["Allow"] == "GET, POST"
