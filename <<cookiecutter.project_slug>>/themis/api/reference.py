"""The API's reference page, generated from its OpenAPI document.

Swagger UI and Redoc load megabytes from another host and write inline styles, which
the Content-Security-Policy forbids. This page is plain HTML that works without
JavaScript. Trying a request needs forty lines of it.
"""

import json
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase

from themis.api.curl import curl
from themis.api.document import (
    Document,
    JSONSchema,
    Media,
    Operation,
    Response,
    response_of,
    schema_of,
)

if TYPE_CHECKING:
    from ninja import NinjaAPI


class Reference(DocsBase):
    def render_page(
        self, request: HttpRequest, api: "NinjaAPI", **kwargs: object
    ) -> HttpResponse:
        document = cast(Document, api.get_openapi_schema())
        site = request.build_absolute_uri("/").removesuffix("/")
        context = {
            "document": document,
            "operations": [
                {
                    **_operation(document, operation),
                    "method": method.upper(),
                    "path": path,
                    "request": curl(method, site + path, operation),
                }
                for path, operations in document["paths"].items()
                for method, operation in operations.items()
            ],
        }
        return render(request, "themis/api_docs.html", context)


def _operation(document: Document, operation: Operation) -> dict[str, object]:
    fields: list[dict[str, object]] = []
    body: Media = {}
    if "requestBody" in operation:
        [body] = operation["requestBody"]["content"].values()
        fields = _fields(document, body["schema"])
    return {
        **operation,
        "tag": next(iter(operation.get("tags", [])), ""),
        # Every second part was in backticks.
        "description": operation.get("description", "").split("`"),
        "parameters": [
            {
                **_field(
                    document,
                    parameter["name"],
                    parameter["schema"],
                    parameter["required"],
                ),
                "example": _plain(parameter.get("example", "")),
            }
            for parameter in operation["parameters"]
        ],
        "fields": fields,
        "body": _example(body),
        "responses": [
            _response(document, status, response)
            for status, response in sorted(operation["responses"].items())
        ],
    }


def _response(document: Document, status: int, response: Response) -> dict[str, object]:
    response = response_of(document, response)
    bodies = response.get("content", {}).values()
    return {
        "status": status,
        "is_error": status >= 400,
        "description": response["description"],
        "example": next(map(_example, bodies), ""),
    }


def _fields(document: Document, schema: JSONSchema) -> list[dict[str, object]]:
    schema = schema_of(document, schema)
    required = schema.get("required", [])
    return [
        _field(document, name, field, name in required)
        for name, field in schema.get("properties", {}).items()
    ]


def _field(
    document: Document, name: str, schema: JSONSchema, required: bool
) -> dict[str, object]:
    kinds = [schema_of(document, kind) for kind in _kinds(schema)]
    return {
        "name": name,
        "required": required,
        "type": ", ".join(
            kind.get("format", kind.get("type", "any")) for kind in kinds
        ),
        "choices": [choice for kind in kinds for choice in kind.get("enum", [])],
        "description": schema.get("description", ""),
    }


def _kinds(schema: JSONSchema) -> list[JSONSchema]:
    """Return the schemas that a value may match, without null."""
    if "items" in schema:
        return [schema["items"]]
    kinds = schema.get("anyOf") or schema.get("allOf") or [schema]
    return [kind for kind in kinds if kind.get("type") != "null"]


def _plain(value: object) -> str:
    """Return the value of a parameter as people type it into a field."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _example(body: Media) -> str:
    if "example" not in body:
        return ""
    return json.dumps(body["example"], indent=2, ensure_ascii=False)
