"""Limit concurrent password hashing, so that many sign-ins don't use up all threads."""

import os
import threading
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth import hashers
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template import loader

from themis.http.outages import HEADERS, OutageError

# At most half of a process's threads may hash a password or wait to do so. Only one
# hashes at a time: a hash takes a third of a second of CPU time.
PLACES = max(int(os.environ.get("GUNICORN_THREADS", "8")) // 2, 1)


class PBKDF2PasswordHasher(hashers.PBKDF2PasswordHasher):
    """Raise OutageError when too many are waiting: the response is a 503."""

    _places = threading.BoundedSemaphore(PLACES)
    _turn = threading.Lock()

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if not self._places.acquire(blocking=False):
            raise OutageError("Too many passwords are being hashed.")
        try:
            with self._turn:
                return super().encode(password, salt, iterations)
        finally:
            self._places.release()

    @classmethod
    def is_busy(cls) -> bool:
        """Return whether the next password would be turned away."""
        if cls._places.acquire(blocking=False):
            cls._places.release()
            return False
        return True


class SignInMiddleware:
    """Turn sign-ins away early when there are too many, before they cost anything.

    All requests share the queue in front of the threads: a thousand slow sign-ins in it
    would delay every page behind them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_sign_in = request.method == "POST" and request.path == _sign_in()
        if is_sign_in and PBKDF2PasswordHasher.is_busy():
            return HttpResponse(_page(), status=503, headers=HEADERS)
        return self.get_response(request)


@cache
def _sign_in() -> str:
    return resolve_url(settings.LOGIN_URL)


@cache
def _page() -> str:
    return loader.render_to_string("503.html")
