"""How often somebody may do something in a minute, in the cache of all processes.

A limit of 0 is none.
"""

import time

from django.core.cache import cache

WINDOW = 60  # seconds


def hit(name: str, limit: int) -> int:
    """Count one more of `name`. Return the seconds to wait when there are too many.

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
    """Return what `hit()` would, without counting: the seconds to wait, or 0."""
    key, left = _window(name)
    return left if limit and cache.get(key, 0) >= limit else 0


def _window(name: str) -> tuple[str, int]:
    number, past = divmod(int(time.time()), WINDOW)
    return f"themis.rate:{name}:{number}", WINDOW - past
