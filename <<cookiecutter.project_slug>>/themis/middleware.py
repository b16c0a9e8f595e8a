"""Each request speaks its user's language, in their time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from themis.models import UserProfile


class PreferencesMiddleware:
    """Activates the user's time zone and language during the request, and no longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        profile = UserProfile.of(request.user)
        with (
            timezone.override(ZoneInfo(profile.timezone)),
            translation.override(profile.language),
        ):
            request.LANGUAGE_CODE = profile.language
            return self.get_response(request)
