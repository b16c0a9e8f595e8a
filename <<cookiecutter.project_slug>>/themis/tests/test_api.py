"""The JSON API: what it answers, how it fails, what its description says."""

import json
import os
from datetime import timedelta

import pytest
from django.utils import timezone
from ninja import Router
from ninja.errors import ConfigError

from themis.api import api
from themis.api_keys import issue
from themis.notifications import notify_user

SCOPES = ["notifications:read", "notifications:write", "notifications:send"]
ROOT = "/api/v1"


@pytest.fixture
def call(client, user):
    """Sends a request with a key of the user that may do everything."""
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
    """Status and detail of a problem document, checked."""
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


def test_answers_are_not_stored(call):
    assert call("GET", "/me")["Cache-Control"] == "no-store"


def test_no_other_site_may_ask(call):
    response = call("GET", "/me", origin="https://evil.example")
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_a_session_is_no_key(client, user):
    client.force_login(user)
    assert problem(client.get(f"{ROOT}/me")) == (
        401,
        "Send an API key: Authorization: Bearer thm_…",
    )


def test_a_key_is_no_session(call, client):
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
    notify_user(user, "Dismissed").dismiss()
    items = call("GET", f"/notifications?{query}").json()["items"]
    assert [item["title"] for item in items] == titles


def test_list_shows_nobody_elses(call, other_user):
    notify_user(other_user, "Secret")
    assert call("GET", "/notifications").json()["items"] == []


def test_list_by_two_queries(call, user, django_assert_num_queries):
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


def test_dismiss(call, user):
    notification = notify_user(user, "Hello")
    response = call("POST", f"/notifications/{notification.pk}/dismiss")
    assert (response.status_code, response.content) == (204, b"")
    assert call("GET", f"/notifications/{notification.pk}").status_code == 404


def test_read_all(call, user, other_user):
    notify_user(user, "One")
    notify_user(user, "Two")
    theirs = notify_user(other_user, "Theirs")
    assert call("POST", "/notifications/read").json() == {"changed": 2}
    assert call("POST", "/notifications/read").json() == {"changed": 0}
    theirs.refresh_from_db()
    assert theirs.is_unread


@pytest.mark.parametrize("action", ["", "/read", "/dismiss"])
def test_somebody_elses_is_not_found(call, other_user, action):
    notification = notify_user(other_user, "Secret")
    method = "POST" if action else "GET"
    response = call(method, f"/notifications/{notification.pk}{action}")
    assert problem(response) == (404, "There is nothing here.")
    notification.refresh_from_db()
    assert (notification.read_at, notification.dismissed_at) == (None, None)


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_ids_that_cannot_be(call, pk):
    assert call("GET", f"/notifications/{pk}").status_code == 404


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


def test_send_what_never_expires(call, user):
    call("POST", "/notifications", {"title": "Done", "expires_at": None})
    assert user.notifications.get().expires_at is None


def test_send_a_duplicate(call, user):
    data = {"title": "Build failed", "source_app": "ci", "deduplicate": True}
    call("POST", "/notifications", data)
    response = call("POST", "/notifications", data)
    assert problem(response) == (409, "An unread notification of this source exists.")
    assert user.notifications.count() == 1


def test_send_what_is_not_wanted(call, user):
    user.profile.notifications_enabled = False
    user.profile.save()
    response = call("POST", "/notifications", {"title": "Done"})
    assert problem(response) == (409, "Your preferences keep this notification out.")


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
def test_send_what_is_no_json(call, body):
    status, detail = problem(call("POST", "/notifications", body))
    assert status == 400
    assert detail.startswith("Cannot parse request body")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"title"', ""])
def test_send_what_is_no_object(call, body):
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


def test_every_operation_needs_a_key():
    for operation in operations():
        assert operation["security"] == [{"APIKeyAuth": []}]


def test_every_operation_tells_how_it_fails():
    for operation in operations():
        assert {200, 201, 204} & set(operation["responses"])
        assert {401, 403, 429} <= set(operation["responses"])
        assert operation["summary"]


def test_the_document_has_no_loose_ends():
    text = json.dumps(api.get_openapi_schema())
    document = json.loads(text)
    assert document["openapi"] == "3.1.0"
    for part in text.split('"$ref": "#/')[1:]:
        target = document
        for name in part.partition('"')[0].split("/"):
            target = target[name]


def test_document_for_who_is_logged_in(client, user):
    assert client.get(f"{ROOT}/openapi.json").status_code == 302
    client.force_login(user)
    response = client.get(f"{ROOT}/openapi.json")
    assert response.json()["info"]["title"] == api.title


def test_reference_page(client, user):
    client.force_login(user)
    response = client.get(f"{ROOT}/docs/")
    html = response.content.decode()
    assert response.status_code == 200
    for operation in operations():
        assert operation["summary"] in html
    assert "<script>" not in html
    assert "style=" not in html


APP = {
    "__init__.py": "",
    "apps.py": """
from django.apps import AppConfig

class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        from themis.api import api

        api.add_router("/orders", "shop.api.router")
""",
    "api.py": """
from ninja import Router, Schema

from themis.api import APIKeyAuth, APIRequest, ProblemError

router = Router(tags=["Orders"])

class OrderOut(Schema):
    id: int
    customer: str

@router.get("/{int:id}", auth=APIKeyAuth("notifications:read"), response=OrderOut)
def order_get(request: APIRequest, id: int) -> dict[str, object]:
    if id > 7:
        raise ProblemError(410, "It was delivered.")
    return {"id": id, "customer": request.user.get_username()}
""",
    "settings.py": """
from {settings} import *

INSTALLED_APPS = [*INSTALLED_APPS, "shop"]
""",
}
ASK = """
import json, sys
from django.test import Client, modify_settings
from django.test.utils import setup_test_environment
from themis.api import api
setup_test_environment()
with modify_settings(INSTALLED_APPS=dict(remove="themis.nothing")):
    pass  # every app is ready once more
sent = [
    Client().get(path, headers=dict(authorization="Bearer {text}"), secure=True)
    for path in ("/api/v1/orders/7", "/api/v1/orders/8", "/api/v1/me")
]
paths = list(api.get_openapi_schema()["paths"])
answers = [(response.status_code, response.json()) for response in sent]
sys.stdout.write(json.dumps([answers, paths]))
"""


def test_an_app_adds_its_operations(
    transactional_db, django_user_model, in_process, tmp_path, monkeypatch
):
    user = django_user_model.objects.create_user("ada")
    _key, text = issue(user, "CI", SCOPES)
    (tmp_path / "shop").mkdir()
    for name, code in APP.items():
        if name == "settings.py":
            code = code.format(settings=os.environ["DJANGO_SETTINGS_MODULE"])
        (tmp_path / "shop" / name).write_text(code, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")

    output, _errors = in_process(ASK.format(text=text)).communicate()

    [(found, order), (delivered, refusal), (known, _me)], paths = json.loads(output)
    assert (found, order) == (200, {"id": 7, "customer": "ada"})
    assert (delivered, refusal["detail"]) == (410, "It was delivered.")
    assert known == 200
    assert "/api/v1/orders/{id}" in paths


def test_operations_that_are_added_too_late_raise():
    api.get_openapi_schema()
    with pytest.raises(ConfigError, match="Cannot add routers after URLs"):
        api.add_router("/late", Router())


def operations():
    document = api.get_openapi_schema()
    return [
        operation
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
