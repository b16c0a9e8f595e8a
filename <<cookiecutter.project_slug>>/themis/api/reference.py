"""The API's reference page, made from its OpenAPI document.

Swagger UI and Redoc are megabytes from another host and write inline styles, which the
Content-Security-Policy forbids. This page is HTML like all others, reads well without
JavaScript, and needs forty lines of it to try a request.
"""

import json
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase

from themis.api.document import Document, JSONSchema, Operation, Response

if TYPE_CHECKING:
    from ninja import NinjaAPI


class Reference(DocsBase):
    def render_page(
        self, request: HttpRequest, api: "NinjaAPI", **kwargs: object
    ) -> HttpResponse:
        document = cast(Document, api.get_openapi_schema())
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
    document: Document, method: str, path: str, operation: Operation
) -> dict[str, object]:
    fields: list[dict[str, object]] = []
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
            {"status": status, **_response(document, response)}
            for status, response in sorted(operation["responses"].items())
        ],
    }


def _fields(document: Document, schema: JSONSchema) -> list[dict[str, object]]:
    schema = _schema(document, schema)
    required = schema.get("required", [])
    return [
        _field(document, name, field, name in required)
        for name, field in schema["properties"].items()
    ]


def _field(
    document: Document, name: str, schema: JSONSchema, required: bool
) -> dict[str, object]:
    kinds = [_schema(document, kind) for kind in _kinds(schema)]
    return {
        "name": name,
        "required": required,
        "type": ", ".join(kind.get("format", kind["type"]) for kind in kinds),
        "choices": [choice for kind in kinds for choice in kind.get("enum", [])],
        "description": schema.get("description", ""),
        "example": {"string": "…", "integer": 1}.get(kinds[0]["type"]),
    }


def _kinds(schema: JSONSchema) -> list[JSONSchema]:
    """Return the schemas that a value may have, without null."""
    if "items" in schema:
        return [schema["items"]]
    kinds = schema.get("anyOf") or schema.get("allOf") or [schema]
    return [kind for kind in kinds if kind.get("type") != "null"]


def _schema(document: Document, schema: JSONSchema) -> JSONSchema:
    """Follow a reference such as `#/components/schemas/Level`."""
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return {**document["components"]["schemas"][name], **schema}


def _response(document: Document, response: Response) -> Response:
    """Follow a reference such as `#/components/responses/NOT_FOUND`."""
    if "$ref" not in response:
        return response
    name = response["$ref"].rpartition("/")[2]
    return {**document["components"]["responses"][name], **response}
