"""Translate the variable CACHE_URL into Django's setting CACHES."""

from collections.abc import Mapping
from typing import Any

# Seconds. A parameter of CACHE_URL overrides its default: redis://…?socket_timeout=2.
TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


def cache_settings(cache: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings for a cache, from the result of `env.cache()`."""
    if cache.get("BACKEND") != "django.core.cache.backends.redis.RedisCache":
        return dict(cache)
    return {
        **cache,
        "BACKEND": "config.redis_cache.RedisCache",
        "OPTIONS": TIMEOUTS | cache.get("OPTIONS", {}),
    }
