"""Response headers that Django does not set itself."""

from collections.abc import Callable

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    """Prevent embedding by other sites, and caching of private responses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cookie" in response.get("Vary", ""):
            response.setdefault("Cache-Control", "no-store")
        if getattr(request, "is_signed_out", False):
            response.setdefault("Clear-Site-Data", '"cache", "storage"')
        return response


@receiver(user_logged_out)
def note_sign_out(
    sender: object, request: HttpRequest, user: object, **kwargs: object
) -> None:
    """Make the browser delete what it has stored for the user, such as a draft."""
    if user is not None:
        request.is_signed_out = True  # type: ignore[attr-defined]


# Browser features that pages never use. Passkeys and notifications stay allowed.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb")
)
