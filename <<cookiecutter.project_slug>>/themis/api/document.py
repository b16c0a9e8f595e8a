"""The types of an OpenAPI document, as far as Themis reads it."""

from typing import TypedDict

JSONSchema = TypedDict(
    "JSONSchema",
    {
        "$ref": str,
        "type": str,
        "format": str,
        "description": str,
        "enum": list[str],
        "items": "JSONSchema",
        "anyOf": list["JSONSchema"],
        "allOf": list["JSONSchema"],
        "properties": dict[str, "JSONSchema"],
        "required": list[str],
    },
    total=False,
)
Parameter = TypedDict(
    "Parameter", {"in": str, "name": str, "schema": JSONSchema, "required": bool}
)
Response = TypedDict("Response", {"$ref": str, "description": str}, total=False)


class MediaType(TypedDict):
    schema: JSONSchema


class RequestBody(TypedDict):
    content: dict[str, MediaType]


class Operation(TypedDict, total=False):
    summary: str
    description: str
    parameters: list[Parameter]
    requestBody: RequestBody
    responses: dict[int, Response]


class Components(TypedDict):
    schemas: dict[str, JSONSchema]
    responses: dict[str, Response]


class Document(TypedDict):
    """`paths` holds the operations by path and method."""

    paths: dict[str, dict[str, Operation]]
    components: Components
