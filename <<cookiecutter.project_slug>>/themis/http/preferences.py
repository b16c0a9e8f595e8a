"""Each request speaks its user's language, in their time zone and formats."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from themis import formatting
from themis.models import UserProfile


class PreferencesMiddleware:
    """The user's preferences are the current ones during the request, and no longer.

    Visitors who are not logged in have the site's defaults, but the language that
    LocaleMiddleware found for them.
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
        # LocaleMiddleware would name the language that it had found itself.
        response.headers.setdefault("Content-Language", language)
        return response
