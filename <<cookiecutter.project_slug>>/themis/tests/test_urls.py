"""A project may include only parts of Themis: here, no API keys and no API."""

from datetime import timedelta

import pytest
from django.urls import include, path, reverse
from django.utils import timezone

from themis import api
from themis.api_keys import issue, warn_of_expiry
from themis.models import APIKey
from themis.tests import urls_without_api

without_api = pytest.mark.urls("themis.tests.urls_without_api")
INDEX = reverse("admin:index")
KEYS_IN_THE_ADMIN = reverse("admin:themis_apikey_changelist")


@without_api
@pytest.mark.parametrize("path", ["/api/v1/me", "/settings/api-keys/"])
def test_nothing_answers(client, user, path):
    client.force_login(user)
    assert client.get(path).status_code == 404


@without_api
@pytest.mark.parametrize("path", ["/settings/", "/notifications/"])
def test_no_page_mentions_keys(client, user, path):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    assert "API" not in response.text


@without_api
def test_admin_has_no_keys_in_its_index(admin_client):
    assert KEYS_IN_THE_ADMIN not in admin_client.get(INDEX).text


def test_admin_has_keys_in_its_index(admin_client):
    assert KEYS_IN_THE_ADMIN in admin_client.get(INDEX).text


@without_api
def test_warnings_have_no_link(user):
    issue(user, "CI")
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=6))
    assert warn_of_expiry() == 1
    assert set(user.notifications.values_list("url", flat=True)) == {""}


@without_api
def test_unhandled_exception_is_answered_in_html(rf):
    response = api.server_error(rf.get("/api/v1/me"))
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")


class WithoutMore:
    """Without second factors, a session list and the admin."""

    urlpatterns = [
        path("accounts/", include("allauth.account.urls")),
        path("", include("themis.urls")),
    ]


@pytest.mark.urls.with_args(WithoutMore)
@pytest.mark.parametrize("path", ["/settings/", "/notifications/"])
def test_no_page_links_to_missing_pages(admin_client, path):
    html = admin_client.get(path).text

    assert "/accounts/email/" in html
    for gone in ("2fa", "sessions", "/admin/"):
        assert gone not in html


class Elsewhere:
    urlpatterns = [
        *urls_without_api.urlpatterns,
        path("keys/", include("themis.urls.api_keys")),
        path("machines/", include("themis.urls.api")),
    ]


@pytest.mark.urls.with_args(Elsewhere)
def test_api_may_be_elsewhere(client, user, rf):
    client.force_login(user)
    document = client.get("/machines/openapi.json").json()
    assert "/machines/notifications" in document["paths"]
    assert client.get("/machines/me").status_code == 401
    assert 'href="/keys/"' in client.get("/machines/docs/").text
    problem = api.server_error(rf.get("/machines/me"))
    assert problem["Content-Type"] == "application/problem+json"


class PagesOfKeys:
    urlpatterns = [
        *urls_without_api.urlpatterns,
        path("keys/", include("themis.urls.api_keys")),
    ]


@pytest.mark.urls.with_args(PagesOfKeys)
def test_keys_may_be_there_without_the_api(client, user):
    client.force_login(user)
    response = client.get("/keys/")
    assert response.status_code == 200
    assert "API reference" not in response.text
    assert 'href="/keys/"' in client.get("/notifications/").text


class APIAlone:
    urlpatterns = [
        *urls_without_api.urlpatterns,
        path("api/", include("themis.urls.api")),
    ]


@pytest.mark.urls.with_args(APIAlone)
def test_api_may_be_there_without_the_pages_of_keys(client, user, admin_client):
    client.force_login(user)
    response = client.get("/api/docs/")
    assert response.status_code == 200
    assert "Your API keys" not in response.text
    assert KEYS_IN_THE_ADMIN in admin_client.get(INDEX).text
