"""Rate limits per minute, counted in the cache that all processes share.

A limit of 0 means no limit. While the cache raises OutageError, no limit applies, so a
cache outage does not take the API down.
"""

import logging
import time

from django.core.cache import cache

from themis.http.outages import OutageError

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds


def hit(name: str, limit: int) -> int:
    """Count one hit for `name`. Return the seconds to wait if it exceeds the limit.

    0 means that the hit is within the limit.
    """
    key, left = _window(name)
    try:
        if not limit or cache.add(key, 1, timeout=WINDOW):
            return 0
        count = cache.incr(key)
    except ValueError:  # the counter expired in between
        return 0
    except OutageError as error:
        return _no_limit(error)
    return left if count > limit else 0


def _no_limit(error: OutageError) -> int:
    logger.warning("No limit of requests is in force. %s", error)
    return 0


def _window(name: str) -> tuple[str, int]:
    number, past = divmod(int(time.time()), WINDOW)
    return f"themis.rate:{name}:{number}", WINDOW - past
