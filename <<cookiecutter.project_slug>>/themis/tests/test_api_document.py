"""The API's OpenAPI document, its reference page, and what apps add to both."""

import json
import os
import re
from decimal import Decimal
from html import unescape
from typing import Annotated, Any, Literal

import pytest
from django.test import RequestFactory
from ninja import Body, Form, Query, Router, Schema
from ninja.errors import ConfigError
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import Field

from themis.api import APIKeyAuth, api
from themis.api.curl import curl
from themis.api.reference import Reference
from themis.api.routing import API, NAMESPACE
from themis.api_keys import issue

ROOT = "/api/v1"


def document(api=api):
    """The document as served."""
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def errors(document):
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


def test_document_is_valid():
    assert document()["openapi"] == "3.1.0"
    assert errors(document()) == []


def test_every_operation_needs_a_key():
    for _path, _method, operation in operations(document()):
        assert operation["security"] == [{"APIKeyAuth": []}]


def test_every_operation_documents_its_errors():
    for _path, _method, operation in operations(document()):
        assert {"200", "201", "204"} & set(operation["responses"])
        assert {"401", "403", "429"} <= set(operation["responses"])
        assert operation["summary"]


def test_document_requires_sign_in(client, user):
    assert client.get(f"{ROOT}/openapi.json").status_code == 302
    client.force_login(user)
    response = client.get(f"{ROOT}/openapi.json")
    assert response.json() == document()


def test_reference_page(client, user):
    client.force_login(user)
    response = client.get(f"{ROOT}/docs/")
    html = response.content.decode()
    assert response.status_code == 200
    for _path, _method, operation in operations(document()):
        assert operation["summary"] in html
    assert "<script>" not in html
    assert "style=" not in html


def test_reference_page_has_an_index(client, user):
    """It shows every operation, with its request and responses."""
    client.force_login(user)
    html = client.get(f"{ROOT}/docs/").content.decode()
    index, *sections = re.split(r'<section class="card[^>]* id="', html)
    index = index[index.index('aria-label="Operations"') :]
    links = re.findall(r'href="#(\w+)">([^<]+)<', index)

    expected = [
        (operation["operationId"], operation["summary"])
        for _path, _method, operation in operations(document())
    ]
    assert links == expected
    assert [section.partition('"')[0] for section in sections] == [
        name for name, _summary in expected
    ]
    for section in sections:
        request, answer = re.findall("(?s)<pre.*?</pre>|<code>204</code>", section)[:2]
        assert ">curl " in request
        assert re.search(r">[\[{]|204", answer), section


def test_reference_page_is_english_for_all(client, user):
    user.profile.language = "de"
    user.profile.save()
    client.force_login(user)
    html = client.get(f"{ROOT}/docs/").content.decode()
    assert '<html lang="de"' in html
    assert '" lang="en" dir="ltr">' in html
    assert html.count("Try it") == len(list(operations(document())))


def test_reference_page_shows_the_examples(client, user):
    client.force_login(user)
    page = unescape(client.get(f"{ROOT}/docs/").content.decode())
    answers = document()["components"]["responses"]
    for path, method, operation in operations(document()):
        assert curl(method, f"http://testserver{path}", operation) in page
        answers |= operation["responses"]
    for answer in answers.values():
        for body in answer.get("content", {}).values():
            example = json.dumps(body["example"], indent=2, ensure_ascii=False)
            assert f">{example}</pre>" in page
    assert "<code>danger</code>" in page  # of a parameter


# What an app may add


class Item(Schema):
    name: str
    note: Any
    price: Decimal
    parts: list["Item"]
    whole: "Item | None"
    size: Literal["S", "M"] = "M"


class Sort(Schema):
    by: str = Field("name", examples=["price"])


class Sold(Schema):
    when: str


router = Router()
Named = Body(examples={"nothing": {"value": []}})


@router.get("/items", auth=None, response=list[Item])
def item_list(request, sort: Query[Sort]):
    """Nobody needs a key for this one."""


@router.post("/items", auth=APIKeyAuth(), response={201: None, 409: Sold})
def item_create(request, items: Annotated[list[Item], Named]): ...


@router.put("/items/{id}", auth=APIKeyAuth())
def item_update(request, id: int, name: Form[str]): ...


@pytest.fixture
def shop():
    shop = API(title="Shop", urls_namespace=NAMESPACE)
    shop.add_router("/shop", router)
    return shop


def test_document_with_an_app_is_valid(shop):
    assert errors(document(shop)) == []


def test_public_operation_needs_no_key(shop):
    operation = document(shop)["paths"][f"{ROOT}/shop/items"]["get"]
    assert "security" not in operation
    assert set(operation["responses"]) == {"200", "422"}
    assert "Authorization" not in curl("get", "/", operation)


def test_operation_describes_an_error_of_its_own(shop):
    operation = document(shop)["paths"][f"{ROOT}/shop/items"]["post"]
    [body] = operation["responses"]["409"]["content"].values()
    assert body["schema"] == {"$ref": "#/components/schemas/Sold"}


def test_reference_page_with_an_app(shop, user):
    request = RequestFactory().get("/")
    request.user = user
    response = Reference().render_page(request, shop)
    html = response.content.decode()
    assert f"curl 'http://testserver{ROOT}/shop/items?by=price'" in unescape(html)
    assert html.count('class="api-try"') == 3


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

@router.get("/count", auth=None)
def order_count(request: APIRequest) -> int:
    return 7
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
sent.append(Client().get("/api/v1/orders/count", secure=True))
paths = list(api.get_openapi_schema()["paths"])
answers = [(response.status_code, response.json()) for response in sent]
sys.stdout.write(json.dumps([answers, paths]))
"""


def test_an_app_adds_its_operations(
    transactional_db, django_user_model, in_process, tmp_path, monkeypatch
):
    user = django_user_model.objects.create_user("ada")
    _key, text = issue(user, "CI", ["notifications:read"])
    (tmp_path / "shop").mkdir()
    for name, code in APP.items():
        if name == "settings.py":
            code = code.format(settings=os.environ["DJANGO_SETTINGS_MODULE"])
        (tmp_path / "shop" / name).write_text(code, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")

    output, _errors = in_process(ASK.format(text=text)).communicate()

    answers, paths = json.loads(output)
    (found, order), (delivered, refusal), (known, _me), counted = answers
    assert (found, order) == (200, {"id": 7, "customer": "ada"})
    assert (delivered, refusal["detail"]) == (410, "It was delivered.")
    assert known == 200
    assert counted == [200, 7]
    assert "/api/v1/orders/{id}" in paths


def test_operations_that_are_added_too_late_raise():
    api.get_openapi_schema()
    with pytest.raises(ConfigError, match="Cannot add routers after URLs"):
        api.add_router("/late", Router())
