"""Run in a separate process, because error reporting changes Django for good."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings

FAIL = """
import sys
import django
django.setup()
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import path
from config.errors import report_errors

report_errors(sys.argv[1])

def fail(request: HttpRequest) -> None:
    typed = request.POST["password"]
    raise RuntimeError("A bug")

urlpatterns = [path("fail/", fail)]
settings.ROOT_URLCONF = "__main__"
settings.MIDDLEWARE = []
browser = RequestFactory()
browser.cookies["sessionid"] = "of-a-session"
headers = {"authorization": "Bearer of-the-api", "host": "localhost"}
request = browser.post(
    "/fail/?key=of-a-link", {"password": "of-a-user"}, secure=True, headers=headers
)
get_wsgi_application()(request.environ, lambda status, headers: None)
print("sentry_sdk" in sys.modules)
"""
NEVER_SENT = ["of-a-session", "of-a-link", "of-a-user", "of-the-api"]


class Sentry(HTTPServer):
    """Receive reports, as Sentry does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reports: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.server.reports.append(body.decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    with Sentry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(dsn: str) -> str:
    """Make a request fail. Return whether the Sentry SDK was imported."""
    return subprocess.run(
        [sys.executable, "-c", FAIL, dsn],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout


def test_without_a_dsn_nothing_is_imported() -> None:
    assert run("") == "False\n"


def test_error_report_leaves_out_user_input(sentry: Sentry) -> None:
    assert run(f"http://key@127.0.0.1:{sentry.server_port}/1") == "True\n"
    [event] = [event for event in map(parse, sentry.reports) if "exception" in event]
    [error] = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "A bug")
    assert event["request"]["url"] == "https://localhost/fail/"
    text = "".join(sentry.reports)
    assert [one for one in NEVER_SENT if one in text] == []


def parse(report: str) -> Any:
    """Return the last part of an envelope."""
    return json.loads(report.strip().splitlines()[-1])
