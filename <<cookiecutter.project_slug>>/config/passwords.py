"""Hash passwords a few at a time, so that many sign-ins leave threads for everybody."""

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

# Of the threads of a process, half may hash a password or wait for their turn. One
# hashes at a time: a hash takes a third of a second of a core.
PLACES = max(int(os.environ.get("GUNICORN_THREADS", "8")) // 2, 1)


class PBKDF2PasswordHasher(hashers.PBKDF2PasswordHasher):
    """Raise OutageError when too many wait: the request is answered with 503."""

    _places = threading.BoundedSemaphore(PLACES)
    _turn = threading.Lock()

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if not self._places.acquire(blocking=False):
            raise OutageError("Too many passwords at once.")
        try:
            with self._turn:
                return super().encode(password, salt, iterations)
        finally:
            self._places.release()

    @classmethod
    def is_busy(cls) -> bool:
        """Return whether the next password would be refused."""
        if cls._places.acquire(blocking=False):
            cls._places.release()
            return False
        return True


class SignInMiddleware:
    """Answer sign-ins that would be refused at once, before they cost anything.

    The queue in front of the threads is one for all: a thousand sign-ins in it delay
    the pages behind them by what each of them takes.
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
