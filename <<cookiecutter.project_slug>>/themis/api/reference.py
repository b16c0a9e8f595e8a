"""The API's reference page, made from its OpenAPI document.

Swagger UI and Redoc are megabytes from another host and write inline styles, which the
Content-Security-Policy forbids. This page is HTML like all others, reads well without
JavaScript, and needs forty lines of it to try a request.
"""

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase

if TYPE_CHECKING:
    from ninja import NinjaAPI


class Reference(DocsBase):
    def render_page(
        self, request: HttpRequest, api: "NinjaAPI", **kwargs: Any
    ) -> HttpResponse:
        document = api.get_openapi_schema()
        context = {
            "document": document,
            "operations": [
                _operation(document, method, path, operation)
                for path, operations in document["paths"].items()
                for method, operation in operations.items()
            ],
        }
        return render(request, "themis/api_docs.html", context)


def _operation(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> dict[str, Any]:
    fields = []
    if "requestBody" in operation:
        [content] = operation["requestBody"]["content"].values()
        fields = _fields(document, content["schema"])
    return {
        **operation,
        "method": method.upper(),
        "path": path,
        "parameters": [
            _field(
                document, parameter["name"], parameter["schema"], parameter["required"]
            )
            for parameter in operation["parameters"]
        ],
        "fields": fields,
        "example": json.dumps(
            {field["name"]: field["example"] for field in fields if field["required"]},
            indent=2,
        ),
        "responses": [
            {"status": status, **_resolved(document, response)}
            for status, response in sorted(operation["responses"].items())
        ],
    }


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    schema = _resolved(document, schema)
    required = schema.get("required", [])
    return [
        _field(document, name, field, name in required)
        for name, field in schema["properties"].items()
    ]


def _field(
    document: dict[str, Any], name: str, schema: dict[str, Any], required: bool
) -> dict[str, Any]:
    kinds = [_resolved(document, kind) for kind in _kinds(schema)]
    return {
        "name": name,
        "required": required,
        "type": ", ".join(kind.get("format", kind["type"]) for kind in kinds),
        "choices": [choice for kind in kinds for choice in kind.get("enum", [])],
        "description": schema.get("description", ""),
        "example": {"string": "…", "integer": 1}.get(kinds[0]["type"]),
    }


def _kinds(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas of which a value may be, without null."""
    if "items" in schema:
        return [schema["items"]]
    kinds = schema.get("anyOf") or schema.get("allOf") or [schema]
    return [kind for kind in kinds if kind.get("type") != "null"]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follows a reference such as `#/components/schemas/Level`."""
    if "$ref" not in schema:
        return schema
    target: Any = document
    for name in schema["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return {**target, **schema}
