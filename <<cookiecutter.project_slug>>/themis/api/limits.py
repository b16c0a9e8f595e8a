"""Counts what somebody does in a minute, in the cache that all processes share.

A limit of 0 is none.
"""

import time

from django.core.cache import cache

WINDOW = 60  # seconds


def hit(name: str, limit: int) -> int:
    """Counts one more of `name`. Returns the seconds to wait when there are too many.

    0 means that it was within the limit.
    """
    key, left = _window(name)
    if not limit or cache.add(key, 1, timeout=WINDOW):
        return 0
    try:
        count = cache.incr(key)
    except ValueError:  # it expired in between
        return 0
    return left if count > limit else 0


def exceeded(name: str, limit: int) -> int:
    """As `hit()`, without counting: whether one more would be too many."""
    key, left = _window(name)
    return left if limit and cache.get(key, 0) >= limit else 0


def _window(name: str) -> tuple[str, int]:
    number, past = divmod(int(time.time()), WINDOW)
    return f"themis.rate:{name}:{number}", WINDOW - past
