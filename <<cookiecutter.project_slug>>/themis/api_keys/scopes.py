"""What a key may do."""

from collections.abc import Iterable

from themis import conf


def check_scope(scope: str) -> None:
    """Raise ValueError for an unknown scope. The message lists the known ones."""
    known = conf.api_scopes()
    if scope not in known:
        raise ValueError(
            f"Unknown scope {scope!r}. Use one of {list(known)}, or add yours to "
            "THEMIS_API_SCOPES."
        )


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes that still exist in the project."""
    known = conf.api_scopes()
    return [scope for scope in scopes if scope in known]
