"""The user's language, time zone and formats for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from themis import formatting
from themis.models import UserProfile


class PreferencesMiddleware:
    """Activate the user's preferences for the duration of the request.

    Anonymous visitors get the site's defaults, with the language that LocaleMiddleware
    found for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            with timezone.override(UserProfile().zone):
                return self.get_response(request)
        with formatting.override(request.user.profile):
            language = translation.get_language()
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        # LocaleMiddleware would set the language that it found itself.
        response.headers.setdefault("Content-Language", language)
        return response
