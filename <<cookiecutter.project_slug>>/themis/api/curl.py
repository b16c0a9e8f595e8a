"""The example of an operation as a curl command to paste into a terminal."""

import json
import shlex
from urllib.parse import quote, urlencode

from themis.api.document import Operation


def curl(method: str, url: str, operation: Operation) -> str:
    """Return the command that sends the operation's example.

    Args:
        method: the HTTP method, in upper or lower case.
        url: the URL, with its path parameters in braces.
        operation: the operation, with the examples of its parameters and its body.
    """
    query = []
    for parameter in operation["parameters"]:
        if "example" not in parameter:
            continue
        name, value = parameter["name"], parameter["example"]
        if parameter["in"] == "path":
            url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif parameter["in"] == "query":
            query.append((name, value))
    if query:
        url += "?" + urlencode(query, doseq=True)
    body = operation["requestBody"]["content"] if "requestBody" in operation else {}
    lines = [f"curl {shlex.quote(url)}"]
    if method.upper() != ("POST" if body else "GET"):
        lines.append(f"--request {method.upper()}")
    if "security" in operation:
        lines.append('--header "Authorization: Bearer $KEY"')
    if "application/json" in body:
        example = body["application/json"].get("example", {})
        lines.append(f"--json {shlex.quote(json.dumps(example, ensure_ascii=False))}")
    return " \\\n  ".join(lines)
