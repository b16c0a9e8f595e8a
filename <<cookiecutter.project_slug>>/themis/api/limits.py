"""How often somebody may do something in a minute, in the cache of all processes.

A limit of 0 is none, and so is any limit while the cache raises OutageError: an outage
of the cache is not one of the API.
"""

import logging
import time

from django.core.cache import cache

from themis.http.outages import OutageError

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds


def hit(name: str, limit: int) -> int:
    """Count one more of `name`. Return the seconds to wait when there are too many.

    0 means that it was within the limit.
    """
    key, left = _window(name)
    try:
        if not limit or cache.add(key, 1, timeout=WINDOW):
            return 0
        count = cache.incr(key)
    except ValueError:  # it expired in between
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
