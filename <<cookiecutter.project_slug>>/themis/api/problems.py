"""Error responses in the format of RFC 9457, Problem Details."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import JsonResponse


class ProblemError(Exception):
    """Raise this in an operation to respond with an error.

    Args:
        status: the HTTP status code.
        detail: what went wrong this time, for a person to read.
        headers: additional response headers.
        extra: additional members of the document.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.headers = {"Cache-Control": "no-store", **(headers or {})}
        self.extra = extra

    def document(self) -> dict[str, object]:
        """Return the members of the problem document."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            **self.extra,
        }

    def response(self) -> JsonResponse:
        """Return the problem as `application/problem+json`."""
        return JsonResponse(
            self.document(),
            status=self.status,
            content_type="application/problem+json",
            headers=self.headers,
        )
