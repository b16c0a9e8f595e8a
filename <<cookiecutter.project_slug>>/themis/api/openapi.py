"""The errors of each operation in the OpenAPI document."""

from http import HTTPStatus

from ninja import Schema
from ninja.openapi.schema import OpenAPISchema
from pydantic import Field

from themis.api.document import Operation
from themis.api.problems import ProblemError


class InvalidValue(Schema):
    detail: str
    pointer: str = Field(description="The place: a JSON pointer or a parameter's name.")


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    # A factory, because the document would contain a default that is not a list.
    errors: list[InvalidValue] = Field(
        default_factory=list, description="The invalid values, with status 422."
    )


# One example of each.
ERRORS = [
    ProblemError(400, "Cannot parse request body"),
    ProblemError(401, "This API key is not valid."),
    ProblemError(403, "This API key lacks the scope notifications:send."),
    ProblemError(404, "There is nothing here."),
    ProblemError(409, "An unread notification of this source exists."),
    ProblemError(413, "The body of the request is too big."),
    ProblemError(
        422,
        "Some values are wrong.",
        errors=[{"detail": "Field required", "pointer": "#/title"}],
    ),
    ProblemError(429, "Too many requests. Try again in 17 seconds."),
]
ERROR_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.FORBIDDEN: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": {"schema": {"type": "integer"}}},
}


def describe_errors(document: OpenAPISchema) -> None:
    """Add the error responses of the operations to the document."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components = document["components"]
    components["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
    problem = {"$ref": "#/components/schemas/Problem"}
    components["responses"] = {
        error.status.name: {
            "description": error.status.phrase,
            "content": {
                "application/problem+json": {
                    "schema": problem,
                    "example": error.document(),
                }
            },
            "headers": ERROR_HEADERS.get(error.status, {}),
        }
        for error in ERRORS
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            for status in _errors(operation):
                reference = {"$ref": f"#/components/responses/{status.name}"}
                operation["responses"].setdefault(status.value, reference)


def _errors(operation: Operation) -> list[HTTPStatus]:
    """Return how an operation can fail, judging by its input."""
    errors = []
    if "security" in operation:  # otherwise it is public
        errors += [
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.TOO_MANY_REQUESTS,
        ]
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
    return errors
