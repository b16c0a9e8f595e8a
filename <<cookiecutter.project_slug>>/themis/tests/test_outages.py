"""Responses to requests while something that they need is unavailable."""

import pytest
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.urls import include, path

from themis.api_keys import issue
from themis.http.outages import OutageError, is_outage

OUTAGES = [
    OperationalError("connection refused"),
    InterfaceError("the connection is closed"),
    OutageError("The cache does not answer."),
]
raised = None


def fail(request):
    raise raised


def query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nothing")
    return HttpResponse()


urlpatterns = [
    path("fail/", fail),
    path("query/", query),
    path("api/v1/fail", fail),
    path("api/v1/", include("themis.urls.api")),
]
handler500 = "themis.api.server_error"


class Pages:
    urlpatterns = [path("fail/", fail)]
    handler500 = "themis.http.outages.server_error"


@pytest.fixture
def browser(client):
    client.raise_request_exception = False
    return client


@pytest.fixture(params=OUTAGES, ids=lambda error: type(error).__name__)
def outage(request, monkeypatch):
    monkeypatch.setitem(globals(), "raised", request.param)


@pytest.mark.urls(__name__)
def test_page_in_an_outage(browser, outage):
    response = browser.get("/fail/")

    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/html")
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"


@pytest.mark.urls.with_args(Pages)
def test_page_in_an_outage_without_the_api(browser, outage):
    assert browser.get("/fail/").status_code == 503


@pytest.mark.urls(__name__)
def test_api_in_an_outage(browser, outage):
    response = browser.get("/api/v1/fail")

    assert response.status_code == response.json()["status"] == 503
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("path", ["/fail/", "/api/v1/fail"])
@pytest.mark.parametrize("error", [ValueError("A bug"), DatabaseError("A bug")])
def test_bug_is_not_an_outage(browser, monkeypatch, path, error):
    monkeypatch.setitem(globals(), "raised", error)

    assert browser.get(path).status_code == 500


@pytest.mark.urls(__name__)
def test_invalid_query_is_not_an_outage(browser, db):
    """On SQLite, it is an OperationalError."""
    assert browser.get("/query/").status_code == 500


def test_no_error_is_not_an_outage():
    assert not is_outage(None)


class FullError(Exception):
    sqlite_errorname = "SQLITE_FULL"


def refuse_to_write(execute, sql, *args):
    if not sql.startswith("SELECT"):
        raise OperationalError("database or disk is full") from FullError()
    return execute(sql, *args)


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
def test_full_disk(browser, user):
    """Reads still work, also with a key, whose use is not recorded."""
    _key, secret = issue(user, "CI", ["notifications:read", "notifications:send"])
    headers = {"authorization": f"Bearer {secret}"}
    path = "/api/v1/notifications"
    with connection.execute_wrapper(refuse_to_write):
        read = browser.get(path, headers=headers)
        sent = browser.post(path, {"title": "Hi"}, "application/json", headers=headers)

    assert (read.status_code, sent.status_code) == (200, 503)


def unreachable(*args, **kwargs):
    raise OutageError("The cache does not answer.")


@pytest.fixture
def broken_cache(monkeypatch):
    for name in ("add", "get", "incr", "set"):
        monkeypatch.setattr(BaseCache, name, unreachable)
        monkeypatch.setattr(LocMemCache, name, unreachable)


def test_api_counts_no_requests_without_the_cache(client, user, caplog, broken_cache):
    _key, text = issue(user, "CI")
    for token, status in ((text, 200), ("thm_wrong", 401)):
        headers = {"authorization": f"Bearer {token}"}
        assert client.get("/api/v1/me", headers=headers).status_code == status
    assert "No limit of requests is in force. The cache does not answer." in caplog.text


def test_report_shows_the_cache_outage(db, client, settings, broken_cache):
    settings.THEMIS_HEALTH_TOKEN = "token"
    headers = {"authorization": "Bearer token"}
    report = client.get("/healthz/", headers=headers).json()
    assert report["checks"]["cache:responseTime"] == [
        {"status": "fail", "output": "The cache does not answer."}
    ]
