"""No URL is a dead end: neither after signing in, nor when opened in a browser.

Every route that only accepts forms is tested, including yours. Add nothing here.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.urls import reverse

from tests.config.routes import OTHER_ROUTES, object_of, path_of

BROWSER = {"accept": "text/html"}
PAGE = reverse("themis:settings")


@pytest.fixture
def owner(db):
    return get_user_model().objects.create_user("owner", "owner@example.com")


@pytest.mark.parametrize("route", OTHER_ROUTES)
def test_get_of_a_form_url_redirects(client, owner, route):
    path = path_of(route, object_of(route, owner))
    client.force_login(owner)
    if not isinstance(client.get(path), HttpResponseNotAllowed):
        return
    response = client.get(path, headers=BROWSER, follow=True)
    assert response.status_code == 200, f"There is no page above /{route}."

    client.logout()
    sent = client.post(path, headers={"referer": f"http://testserver{PAGE}"})
    location = urlsplit(sent.get("Location", ""))
    if location.path == resolve_url(settings.LOGIN_URL):
        assert parse_qs(location.query)["next"] == [PAGE]
