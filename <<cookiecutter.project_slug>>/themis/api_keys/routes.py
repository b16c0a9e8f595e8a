"""Where the project has API keys: its URLs include what it offers."""

from django.urls import NoReverseMatch, reverse


def page_of_keys() -> str:
    """Return the path where users manage their keys, empty if there is none."""
    return _path("themis-api-keys:list")


def path_of_api() -> str:
    """Return the path that all of the JSON API is below, empty if there is none."""
    return _path("themis-api:api-root")


def are_keys_used() -> bool:
    """Return whether the project includes the pages of keys or the JSON API."""
    return bool(page_of_keys() or path_of_api())


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
