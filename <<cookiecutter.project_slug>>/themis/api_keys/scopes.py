"""What a key may do."""

from themis import conf


def check_scope(scope: str) -> None:
    """Raise ValueError, naming the known scopes, unless the scope is one of them."""
    known = conf.api_scopes()
    if scope not in known:
        raise ValueError(
            f"Unknown scope {scope!r}. Use one of {list(known)}, or add yours to "
            "THEMIS_API_SCOPES."
        )
