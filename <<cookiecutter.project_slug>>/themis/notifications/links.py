"""The links that a notification may have."""

from urllib.parse import urlsplit


def is_safe_url(url: str) -> bool:
    """Return whether the link is a path on this site or an http(s) URL.

    Browsers treat `//host` and `/\\host` as another site, and drop control characters
    (WHATWG URL, "URL parsing").
    """
    if not url.isprintable():
        return False
    if url.startswith("/"):
        return not url.startswith(("//", "/\\"))
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # such as an unclosed bracket around an IPv6 address
        return False
