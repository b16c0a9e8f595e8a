from django.conf import settings
from django.http import HttpRequest


def signup(request: HttpRequest) -> dict[str, bool]:
    """`signup_is_open`: whether visitors may make accounts for themselves."""
    return {"signup_is_open": settings.SIGNUP_OPEN}
