"""Examples of each parameter, request and response in the OpenAPI document.

An operation's own example (`openapi_extra`) comes first, then the `examples` of its
schemas or of their fields. Without any, the simplest value of the type is used, so an
app's operations have examples from the start.
"""

from collections.abc import Iterable

from themis.api.document import Document, JSONSchema, Media, Parameter, schema_of

# By format. Patterns are not covered: only their author knows what they allow.
TEXTS = {
    "date-time": "2026-12-31T14:30:00Z",
    "date": "2026-12-31",
    "time": "14:30:00",
    "duration": "P1DT2H",
    "email": "ada@example.com",
    "uri": "https://example.com/",
    "uuid": "0e4c7f55-5b2c-4a59-9f0e-6b1f0f1c8f11",
}


def answers(status: int, example: object) -> dict[str, object]:
    """Return the `openapi_extra` that replaces the example of a response."""
    body = {"content": {"application/json": {"example": example}}}
    return {"responses": {status: body}}


def add_examples(document: Document) -> None:
    """Add an example to each parameter, request and response."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                _add_to_parameter(document, parameter)
            if "requestBody" in operation:
                _add(document, operation["requestBody"]["content"].values())
            for response in operation["responses"].values():
                _add(document, response.get("content", {}).values())


def example_of(
    document: Document, schema: JSONSchema, around: frozenset[str] = frozenset()
) -> object:
    """Return a value that the schema allows.

    `around` names the enclosing schemas. A schema that contains itself, such as a
    comment with its replies, ends there.
    """
    around |= {schema.get("$ref", "")} - {""}
    schema = schema_of(document, schema)
    examples = schema.get("examples")
    if isinstance(examples, list) and examples:  # ninja's Body() puts names there
        return _in_order(schema, examples[0])
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    if "enum" in schema:
        return schema["enum"][0]
    if kinds := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        finite = [kind for kind in kinds if kind.get("$ref") not in around]
        return example_of(document, (finite or [{}])[0], around)
    match schema.get("type"):
        case "object":
            return _object(document, schema, around)
        case "array":
            return _array(document, schema, around)
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
    return None


def _add_to_parameter(document: Document, parameter: Parameter) -> None:
    examples = parameter.get("examples")
    if isinstance(examples, list):
        del parameter["examples"]
        parameter.setdefault("example", examples[0])
    elif parameter["required"] and not examples:
        # Optional parameters can be left out.
        parameter.setdefault("example", example_of(document, parameter["schema"]))


def _add(document: Document, bodies: Iterable[Media]) -> None:
    for body in bodies:
        if "schema" in body and "examples" not in body:
            body.setdefault("example", example_of(document, body["schema"]))


def _in_order(schema: JSONSchema, example: object) -> object:
    """Restore the schema's order of an object's keys, because pydantic sorts them."""
    if not isinstance(example, dict):
        return example
    names = schema.get("properties", {})
    return {name: example[name] for name in names if name in example} | example


def _object(
    document: Document, schema: JSONSchema, around: frozenset[str]
) -> dict[str, object]:
    """Return the required fields, and those whose author gave an example."""
    required = schema.get("required", [])
    return {
        name: example_of(document, field, around)
        for name, field in schema.get("properties", {}).items()
        if name in required or "examples" in schema_of(document, field)
    }


def _array(
    document: Document, schema: JSONSchema, around: frozenset[str]
) -> list[object]:
    items = schema.get("items")
    if items is None or items.get("$ref") in around:
        return []
    return [example_of(document, items, around)]


def _text(schema: JSONSchema) -> str:
    text = TEXTS.get(schema.get("format", ""), "text")
    return text.ljust(schema.get("minLength", 0), "t")[: schema.get("maxLength")]


def _number(schema: JSONSchema) -> float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return min(max(1, least), schema.get("maximum", max(1, least)))
