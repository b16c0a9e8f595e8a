"""Each operation has a valid example that works."""

import argparse
import json
import re
import shlex
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from ninja import Schema
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from pydantic import AnyUrl, Field

from themis.api import api
from themis.api.curl import curl
from themis.api.examples import example_of
from themis.api.openapi import ERRORS
from themis.api.schemas import NOTIFICATION
from themis.api_keys import issue
from themis.api_keys.secret import generate
from themis.models import UserNotification
from themis.notifications import notify_user

SCOPES = ["notifications:read", "notifications:write", "notifications:send"]
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = {
    (method, path): operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
PROBLEMS = {
    answer["content"]["application/problem+json"]["example"]["status"]: answer
    for answer in DOCUMENT["components"]["responses"].values()
}
SITE = "http://testserver"
MOMENT = "2026-11-04T10:00:00Z"

each = pytest.mark.parametrize(("method", "path"), list(OPERATIONS))


def invalid(example, schema, components=DOCUMENT["components"]):
    """What is wrong with an example."""
    whole = {**schema, "components": components}  # the target of references
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [error.message for error in validator.iter_errors(example)]


def test_wrong_examples_are_found():
    schema = {"$ref": "#/components/schemas/Notification"}
    assert invalid({**NOTIFICATION, "read_at": "yesterday"}, schema)
    assert invalid({**NOTIFICATION, "level": "urgent"}, schema)
    assert invalid({}, schema)


@each
def test_operation_has_valid_examples(method, path):
    operation = OPERATIONS[method, path]
    for parameter in operation["parameters"]:
        assert invalid(parameter["example"], parameter["schema"]) == []
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for media in body.get("content", {}).values():
            assert invalid(media["example"], media["schema"]) == []


@pytest.mark.parametrize("status", PROBLEMS)
def test_problem_has_a_valid_example(status):
    [media] = PROBLEMS[status]["content"].values()
    assert invalid(media["example"], media["schema"]) == []


# They work


@pytest.fixture
def ada(user):
    user.profile.timezone = "Europe/Berlin"
    user.profile.save()
    return user


@pytest.fixture
def run(client, ada):
    """Send the request of a curl command, with a key of Ada's."""
    _key, text = issue(ada, "Nightly build", SCOPES)
    ada.notifications.all().delete()  # the one about the new key
    options = argparse.ArgumentParser()
    options.add_argument("program", choices=["curl"])
    options.add_argument("url")
    options.add_argument("--request")
    options.add_argument("--header", action="append")
    options.add_argument("--json", default="")

    def send(command):
        command = command.replace("\\\n", "").replace("$KEY", text)
        sent = options.parse_args(shlex.split(command))
        return client.generic(
            sent.request or ("POST" if sent.json else "GET"),
            sent.url.removeprefix(SITE),
            sent.json,
            "application/json",
            headers=dict(header.split(": ") for header in sent.header),
        )

    return send


# What happened to the example's notification before the request.
BEFORE = {"unread": {"read_at": MOMENT}, "restore": {"dismissed_at": MOMENT}}


@each
def test_example_works(run, ada, method, path):
    operation = OPERATIONS[method, path]
    is_sent_by_the_example = "requestBody" in operation
    if not is_sent_by_the_example:
        before = BEFORE.get(path.rpartition("/")[2], {})
        UserNotification.objects.create(user=ada, **{**NOTIFICATION, **before})

    response = run(curl(method, SITE + path, operation))

    assert str(response.status_code) == min(operation["responses"])
    expected = operation["responses"][str(response.status_code)]
    if "content" not in expected:
        assert response.content == b""
    else:
        [body] = expected["content"].values()
        answer = response.json()
        if is_sent_by_the_example:
            assert answer["id"] == ada.notifications.get().pk
            answer["id"] = body["example"]["id"]
        assert without_times(answer) == without_times(body["example"])


def without_times(value):
    """Replace all times, which depend on when the test runs."""
    time = r'"\d{4}-\d\d-\d\dT[\d:.]+Z"'
    return json.loads(re.sub(time, '"then"', json.dumps(value)))


@pytest.fixture
def fail(client, user, settings):
    """Make the API respond with a status."""
    path = "/api/v1/notifications"
    texts = [issue(user, "CI", scopes)[1] for scopes in (SCOPES, [])]
    key, key_without_scope = [f"Bearer {text}" for text in texts]

    def post(body, key=key):
        headers = {"authorization": key}
        return client.post(path, body, "application/json", headers=headers)

    def send(status):
        match status:
            case 400:
                return post("{")
            case 401:
                return post({}, f"Bearer {generate()}")
            case 403:
                return post({}, key_without_scope)
            case 404:
                return client.get(f"{path}/0", headers={"authorization": key})
            case 409:
                source = {"source_app": "ci", "deduplicate": True}
                notify_user(user, "Build failed", **source)
                return post({"title": "Build failed", **source})
            case 413:
                return post({"title": "x" * 3_000_000})
            case 422:
                return post({})
            case 429:
                settings.THEMIS_API_REQUESTS_PER_MINUTE = 1
                post({})
                return post({})

    return send


@pytest.mark.parametrize("status", PROBLEMS)
def test_problem_is_answered_like_its_example(fail, status):
    response = fail(status)
    [body] = PROBLEMS[status]["content"].values()
    example = body["example"]
    assert response.status_code == status
    answer = response.content.decode()
    assert re.sub(r"in \d+ sec", "in 17 sec", answer) == json.dumps(example)


def test_every_problem_has_an_example():
    assert [error.status for error in ERRORS] == list(PROBLEMS)


# Without an example of the author


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Comment(Schema):
    text: str
    replies: list["Comment"]
    answer_to: "Comment | None"


class Order(Schema):
    customer: str
    color: Color
    comment: Comment


@pytest.mark.parametrize("mode", ["validation", "serialization"])
@pytest.mark.parametrize(
    "type_",
    [
        str,
        Annotated[str, Field(min_length=9)],
        Annotated[str, Field(max_length=2)],
        int,
        Annotated[int, Field(ge=7)],
        Annotated[int, Field(gt=7)],
        Annotated[int, Field(le=0)],
        float,
        bool,
        Decimal,
        date,
        datetime,
        time,
        timedelta,
        UUID,
        AnyUrl,
        Literal["S", "M"],
        Literal["S"],
        Color,
        int | str,
        int | None,
        list[int],
        list,
        dict[str, int],
        Any,
        Comment,
        list[Comment],
        Order,
    ],
    ids=str,
)
def test_example_follows_from_the_type(type_, mode):
    class Body(Schema):
        value: type_

    schema = Body.model_json_schema(
        ref_template="#/components/schemas/{model}", mode=mode
    )
    components = {"schemas": schema.pop("$defs", {})}
    example = example_of({"components": components}, schema)
    assert "value" in example
    assert invalid(example, schema, components) == []
    if mode == "validation":
        Body.model_validate(example)


class Size(Schema):
    model_config = {"json_schema_extra": {"examples": [{"width": 3, "height": 2}]}}

    width: int
    height: int
    note: str = ""


class Parcel(Schema):
    number: str = Field(examples=["P-7", "P-8"])
    size: Size
    state: str = "new"
    note: str = ""
    sender: str = Field("", examples=["Ada"])


def test_explicit_example_is_used():
    schema = Parcel.model_json_schema()
    document = {"components": {"schemas": schema.pop("$defs")}}
    example = example_of(document, schema)
    assert json.dumps(example) == (
        '{"number": "P-7", "size": {"width": 3, "height": 2}, "sender": "Ada"}'
    )
