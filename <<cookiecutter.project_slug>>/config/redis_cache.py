"""Redis or Valkey as a cache. Imported only if CACHE_URL names one."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache

from themis.http.outages import OutageError


class RedisCache(DjangoRedisCache):
    """Raise OutageError while Redis is down or hangs.

    Requests that need the cache get a 503. Code that doesn't need it catches the error.
    """

    @cached_property
    def _cache(self) -> Any:
        return Client(super()._cache)


class Client:
    """Wrap a client's methods to translate its errors."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._client, name)

        @wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except (redis.ConnectionError, redis.TimeoutError) as error:
                raise OutageError("The cache does not answer.") from error

        return call
