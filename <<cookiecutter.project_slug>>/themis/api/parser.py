from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny
from pydantic_core import from_json


class JSONParser(Parser):
    """Refuse what Python's parser accepts: NaN and lone surrogates. Also refuse nesting
    that is too deep for its stack."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: DictStrAny = from_json(request.body, allow_inf_nan=False)
        return body
