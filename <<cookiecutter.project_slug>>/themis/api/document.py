"""Types for the parts of an OpenAPI document that Themis reads and writes."""

from typing import NotRequired, TypedDict

JSONSchema = TypedDict(
    "JSONSchema",
    {
        "$ref": str,
        "type": str,
        "format": str,
        "description": str,
        "const": object,
        "default": object,
        "enum": list[object],
        "examples": list[object],
        "items": "JSONSchema",
        "anyOf": list["JSONSchema"],
        "oneOf": list["JSONSchema"],
        "allOf": list["JSONSchema"],
        "properties": dict[str, "JSONSchema"],
        "required": list[str],
        "minLength": int,
        "maxLength": int,
        "minimum": float,
        "exclusiveMinimum": float,
        "maximum": float,
    },
    total=False,
)
NamedExamples = dict[str, dict[str, object]]
Parameter = TypedDict(
    "Parameter",
    {
        "in": str,
        "name": str,
        "schema": JSONSchema,
        "required": bool,
        "example": NotRequired[object],
        # OpenAPI expects named examples, but ninja copies the schema's list.
        "examples": NotRequired[NamedExamples | list[object]],
    },
)


class Media(TypedDict, total=False):
    schema: JSONSchema
    example: object
    examples: NamedExamples


class RequestBody(TypedDict):
    content: dict[str, Media]


Response = TypedDict(
    "Response",
    {"$ref": str, "description": str, "content": dict[str, Media]},
    total=False,
)


class Operation(TypedDict, total=False):
    operationId: str
    summary: str
    description: str
    tags: list[str]
    parameters: list[Parameter]
    requestBody: RequestBody
    responses: dict[int, Response]
    security: list[dict[str, list[str]]]


class Components(TypedDict):
    schemas: dict[str, JSONSchema]
    responses: dict[str, Response]


class Document(TypedDict):
    """`paths` holds the operations by path and method."""

    paths: dict[str, dict[str, Operation]]
    components: Components


def schema_of(document: Document, schema: JSONSchema) -> JSONSchema:
    """Follow a reference such as `#/components/schemas/Level`."""
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return {**document["components"]["schemas"][name], **schema}


def response_of(document: Document, response: Response) -> Response:
    """Follow a reference such as `#/components/responses/NOT_FOUND`."""
    if "$ref" not in response:
        return response
    name = response["$ref"].rpartition("/")[2]
    return {**document["components"]["responses"][name], **response}
