"""Paths of the API keys: empty for parts that the project does not include."""

from django.urls import NoReverseMatch, reverse


def page_of_keys() -> str:
    """Return the path where users manage their keys, or an empty string."""
    return _path("themis-api-keys:list")


def path_of_api() -> str:
    """Return the base path of the JSON API, or an empty string."""
    return _path("themis-api:api-root")


def are_keys_used() -> bool:
    """Return whether the project includes the API key pages or the JSON API."""
    return bool(page_of_keys() or path_of_api())


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
