"""What the OpenAPI document says of errors: every operation, how it can fail."""

from http import HTTPStatus

from ninja import Schema
from ninja.openapi.schema import OpenAPISchema
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from themis.api.document import Operation


class InvalidValue(Schema):
    detail: str
    pointer: str = Field(description="Where: a JSON pointer, or a parameter's name.")


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[InvalidValue] | SkipJsonSchema[None] = None


ERRORS = [
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
]
ERROR_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.FORBIDDEN: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": {"schema": {"type": "integer"}}},
}


def describe_errors(document: OpenAPISchema) -> None:
    """Add to the document what its operations answer when they fail."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components = document["components"]
    components["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
    problem = {"$ref": "#/components/schemas/Problem"}
    components["responses"] = {
        status.name: {
            "description": status.phrase,
            "content": {"application/problem+json": {"schema": problem}},
            "headers": ERROR_HEADERS.get(status, {}),
        }
        for status in ERRORS
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            for status in _errors(operation):
                reference = {"$ref": f"#/components/responses/{status.name}"}
                operation["responses"][status.value] = reference


def _errors(operation: Operation) -> list[HTTPStatus]:
    """Return how an operation can fail, by what it takes."""
    errors = [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        errors.append(HTTPStatus.NOT_FOUND)
    if any(parameter["in"] == "query" for parameter in operation["parameters"]):
        errors.append(HTTPStatus.UNPROCESSABLE_ENTITY)
    if "requestBody" in operation:
        errors += [
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ]
    return [*errors, HTTPStatus.TOO_MANY_REQUESTS]
