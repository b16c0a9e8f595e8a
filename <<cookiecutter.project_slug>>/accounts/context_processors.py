from django.conf import settings
from django.http import HttpRequest


def signup(request: HttpRequest) -> dict[str, bool]:
    """Add `signup_is_open`: whether visitors may sign up."""
    return {"signup_is_open": settings.SIGNUP_OPEN}
