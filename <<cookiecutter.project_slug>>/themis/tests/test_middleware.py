from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from themis.formatting import current_profile
from themis.http.preferences import PreferencesMiddleware


def seen(request):
    """The preferences that the view and its templates use."""
    return HttpResponse(
        f"{timezone.get_current_timezone_name()} {translation.get_language()} "
        f"{current_profile().date_format}"
    )


@pytest.fixture
def answer(rf):
    def answer(user, view=seen, language="en"):
        request = rf.get("/", headers={"accept-language": language})
        request.user = user
        return LocaleMiddleware(PreferencesMiddleware(view))(request)

    with translation.override("en"):  # LocaleMiddleware leaves its language active
        yield answer


@pytest.fixture
def user(user):
    user.profile.timezone = "Asia/Kolkata"
    user.profile.language = "de"
    user.profile.date_format = "d.m.Y"
    return user


def test_preferences_during_the_request(answer, user):
    assert answer(user).content == b"Asia/Kolkata de d.m.Y"


def test_preferences_in_an_async_view(answer, user):
    async def view(request):
        return seen(request)

    response = answer(user, async_to_sync(view))

    assert response.content == b"Asia/Kolkata de d.m.Y"


def test_request_knows_the_language(answer, user):
    def view(request):
        return HttpResponse(request.LANGUAGE_CODE)

    assert answer(user, view).content == b"de"


def test_response_names_the_language(answer, user):
    response = answer(user, language="fr")

    assert response["Content-Language"] == "de"


def test_view_language_is_kept(answer, user):
    def view(request):
        return HttpResponse(headers={"Content-Language": "fr"})

    assert answer(user, view)["Content-Language"] == "fr"


def test_browser_language_is_ignored(answer, user):
    assert answer(user, language="fr").content.split()[1] == b"de"


def test_no_leak_to_the_next_request(answer, user, settings):
    answer(user)

    assert answer(AnonymousUser()).content == f"{settings.TIME_ZONE} en Y-m-d".encode()


def test_no_leak_when_the_view_fails(answer, user, settings):
    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer(user, view)

    assert answer(AnonymousUser()).content == f"{settings.TIME_ZONE} en Y-m-d".encode()


def test_no_leak_to_another_user(answer, user, other_user):
    answer(user)

    assert answer(other_user).content.endswith(b" en Y-m-d")


def test_no_leak_to_another_thread(answer, user, settings):
    def view(request):
        with ThreadPoolExecutor() as pool:
            return pool.submit(seen, request).result()

    assert answer(user, view).content == f"{settings.TIME_ZONE} en Y-m-d".encode()


def test_anonymous_visitors_keep_the_browsers_language(answer, settings):
    response = answer(AnonymousUser(), language="fr")

    assert response.content == f"{settings.TIME_ZONE} fr Y-m-d".encode()
    assert response["Content-Language"] == "fr"


def test_a_user_without_a_profile(answer, user, settings):
    user.profile.delete()
    user.refresh_from_db()

    assert answer(user).content == f"{settings.TIME_ZONE} en Y-m-d".encode()


@pytest.mark.parametrize(
    "zone", ["", "Asia/Atlantis", "Europe", "../etc/passwd", "/etc/passwd", "a" * 64]
)
def test_removed_time_zone_falls_back(answer, user, settings, zone):
    user.profile.timezone = zone

    assert answer(user).content == f"{settings.TIME_ZONE} de d.m.Y".encode()


def test_removed_language_falls_back(answer, user):
    user.profile.language = "xx"

    assert answer(user).status_code == 200
