"""Redirects for people who reach a POST-only URL some other way."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import resolve_url
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

SAFE = {"GET", "HEAD"}


class PostOnlyMiddleware:
    """Never leave a browser at a POST-only URL.

    Somebody who sends a form after their session has ended signs in and returns to the
    page with the form. Somebody who opens a POST-only URL is redirected to the nearest
    page above it. Scripts still get 405.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in SAFE and _leads_to_sign_in(response):
            return _sign_in_and_return(request)
        if request.method in SAFE and isinstance(response, HttpResponseNotAllowed):
            return _page_above(request) or response
        return response


def _leads_to_sign_in(response: HttpResponse) -> bool:
    if not isinstance(response, HttpResponseRedirect):
        return False
    address, _, query = response.url.partition("?")
    return address == resolve_url(settings.LOGIN_URL) and "next=" in query


def _sign_in_and_return(request: HttpRequest) -> HttpResponse:
    """Redirect to sign-in, and from there to the page with the form (its Referer)."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        page, {request.get_host()}, request.is_secure()
    ):
        return redirect_to_login(resolve_url(settings.LOGIN_REDIRECT_URL))
    _scheme, _host, path, query, _fragment = urlsplit(page)
    address = escape_leading_slashes(path or "/") + (query and f"?{query}")
    return redirect_to_login(address)


def _page_above(request: HttpRequest) -> HttpResponse | None:
    """Redirect to the nearest URL above. If that is POST-only, it redirects again."""
    if "text/html" not in request.headers.get("Accept", ""):
        return None  # not a browser
    path = request.path_info
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return HttpResponseRedirect(get_script_prefix() + path.lstrip("/"))
    return None
