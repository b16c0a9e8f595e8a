from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.urls import include, path, reverse

from themis.notifications import notify_user
from themis.tests import urls_without_api
from themis.tests.authorization import EXPECTED

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LIST = reverse("themis:notification-list")
READ = reverse("themis:notifications-read")
LOG_IN = resolve_url("account_login")
POST_ONLY = [
    prefix + route
    for module, prefix in (("urls", ""), ("urls.api_keys", "settings/api-keys/"))
    for route, row in EXPECTED[f"themis.{module}"].items()
    if set(row["GET"]) == {302, 405}
]


@pytest.fixture
def password(user):
    user.set_password("a-pass-word")
    user.save()
    return "a-pass-word"


def path_of(route, user):
    return "/" + route.replace("<int:pk>", str(notify_user(user, "Hello").pk))


def next_of(response):
    location = urlsplit(response.url)
    assert location.path == LOG_IN
    return parse_qs(location.query)["next"]


@pytest.mark.parametrize("route", POST_ONLY)
def test_anonymous_form_redirects_to_its_page(client, user, password, route):
    page = f"{LIST}?state=unread"
    headers = {"referer": f"http://testserver{page}"}
    response = client.post(path_of(route, user), headers=headers)
    assert next_of(response) == [page]

    signed_in = {"login": user.get_username(), "password": password}
    response = client.post(response.url, signed_in, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert response.status_code == 200


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://example.com/",
        "http://example.com/notifications/",
        "//example.com/",
        "javascript:alert(1)",
        "http://testserver.example.com/",
    ],
)
def test_foreign_referrer_is_ignored(client, db, referer):
    response = client.post(READ, headers={"referer": referer} if referer else {})

    assert next_of(response) == ["/"]


def test_path_is_never_taken_for_a_host(client, db):
    response = client.post(READ, headers={"referer": "http://testserver//example.com/"})

    assert next_of(response) == ["/%2Fexample.com/"]


@pytest.mark.parametrize("route", POST_ONLY)
def test_get_redirects_to_the_parent_page(client, user, route):
    client.force_login(user)
    address = path_of(route, user)
    response = client.get(address, headers=BROWSER, follow=True)

    assert response.status_code == 200
    assert address.startswith(response.redirect_chain[-1][0])


@pytest.mark.parametrize("route", POST_ONLY)
def test_script_gets_405(client, user, route):
    client.force_login(user)
    response = client.get(path_of(route, user), headers={"accept": "*/*"})

    assert response.status_code == 405


class Nothing:
    """There is no page above the URL."""

    urlpatterns = [
        path("a/b/", lambda request: HttpResponseNotAllowed(["POST"])),
        path("accounts/", include("allauth.account.urls")),
    ]


@pytest.mark.urls.with_args(Nothing)
def test_without_a_parent_page_it_is_405(client, db):
    assert client.get("/a/b/", headers=BROWSER).status_code == 405


class Everything:
    urlpatterns = [
        *urls_without_api.urlpatterns,
        path("<path:any>/b/", lambda *_, **__: HttpResponseNotAllowed(["POST"])),
        path("<path:any>", lambda *_, **__: HttpResponse()),
    ]


@pytest.mark.urls.with_args(Everything)
def test_parent_page_is_on_this_site(client, db):
    response = client.get("/", headers=BROWSER, PATH_INFO="//example.com/a/b/")

    assert response.url == "/example.com/a/"


def test_other_redirects_are_unchanged(client, user):
    client.force_login(user)
    headers = {"referer": "http://testserver/settings/"}

    assert client.post(READ, headers=headers).url == LIST
    assert get_user_model().objects.get() == user
