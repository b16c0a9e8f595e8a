"""Report unhandled exceptions and logged errors to Sentry."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def report_errors(dsn: str) -> None:
    """Start reporting errors. Without a DSN, import nothing."""
    if not dsn:
        return
    import sentry_sdk

    # Send no personal data: no cookies, forms, local variables or client addresses.
    sentry_sdk.init(
        dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_query,
    )


def without_query(event: "Event", hint: "Hint") -> "Event":
    """Remove the query string from URLs, as the request log does."""
    event.get("request", {}).pop("query_string", None)
    return event
