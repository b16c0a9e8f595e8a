"""What a key may do."""

from collections.abc import Iterable

from themis import conf


def check_scope(scope: str) -> None:
    """Raise ValueError, naming the known scopes, unless the scope is one of them."""
    known = conf.api_scopes()
    if scope not in known:
        raise ValueError(
            f"Unknown scope {scope!r}. Use one of {list(known)}, or add yours to "
            "THEMIS_API_SCOPES."
        )


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """Return those scopes that the project still knows."""
    known = conf.api_scopes()
    return [scope for scope in scopes if scope in known]
