"""Report unhandled exceptions and logged errors to Sentry."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def report_errors(dsn: str) -> None:
    """Start to report errors. Without a DSN, import nothing."""
    if not dsn:
        return
    import sentry_sdk

    # What users type stays here: no cookie, form, variable or address of theirs.
    sentry_sdk.init(
        dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_query,
    )


def without_query(event: "Event", hint: "Hint") -> "Event":
    """Remove the parameters of the address, as the request log does."""
    event.get("request", {}).pop("query_string", None)
    return event
