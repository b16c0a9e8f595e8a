"""Sessions are listed with readable names."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AbstractUser
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.devices import device

MOZILLA = "Mozilla/5.0"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KHTML} Chrome/142.0.0.0 "
            "Safari/537.36",
            "Chrome on Windows",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KHTML} Chrome/142.0.0.0 "
            "Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
        ),
        (
            f"{MOZILLA} (Linux; Android 10; K) {KHTML} Chrome/142.0.0.0 Mobile "
            "Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 18_7 like Mac OS X) {KHTML} "
            "Version/26.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        ("curl/8.5.0", "Another device"),
        ("", "Another device"),
    ],
)
def test_device(user_agent: str, words: str) -> None:
    with translation.override(None):
        assert device(user_agent) == words


@pytest.mark.django_db
def test_sessions_have_readable_descriptions(
    client: Client, user: AbstractUser
) -> None:
    client.force_login(user)
    agent = f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    UserSession.objects.update_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "192.0.2.1", "user_agent": agent},
    )
    page = client.get(reverse("usersessions_list")).content.decode()

    with translation.override(user.profile.spoken_language):
        assert device(agent) in page
