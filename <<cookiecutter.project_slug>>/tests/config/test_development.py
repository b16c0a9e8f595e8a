"""The tools for development: only for those who ask, and never in production."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import development
from config.development import TOOLS, Tool, development_tools
from tests.production import production


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget those in .env, and that these are tests."""
    for name in ("PYTEST_VERSION", *(tool.variable for tool in TOOLS)):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.app)
def test_variable_turns_a_tool_on(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert development_tools(debug=True) == []
    monkeypatch.setenv(tool.variable, "True")
    assert development_tools(debug=True) == [tool]
    assert development_tools(debug=False) == []
    monkeypatch.setenv("PYTEST_VERSION", pytest.__version__)
    assert development_tools(debug=True) == []


def test_missing_tool_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(development, "find_spec", lambda name: None)
    monkeypatch.setenv(TOOLS[0].variable, "True")
    with pytest.raises(ImproperlyConfigured, match=f"{TOOLS[0].variable}.*install"):
        development_tools(debug=True)


def run(code: str, **variables: str) -> str:
    """Return what the code prints in a new process with all tools turned on."""
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=production(
            **{tool.variable: "True" for tool in TOOLS},
            DJANGO_SETTINGS_MODULE="config.settings",
            ALLOWED_HOSTS="localhost",
            DATABASE_URL="sqlite://",
            CACHE_URL="locmemcache://",
            **variables,
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


PAGE = """
import gzip, sys
import django
django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from config.development import development_urls

def page(request):
    return HttpResponse("<body>" + "long enough to compress " * 20 + "</body>")

urlpatterns = [path("page/", page), *development_urls()]
settings.ROOT_URLCONF = "__main__"
apps = ("debug_toolbar", "django_browser_reload", "django.middleware.gzip")
settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one.startswith(apps)]
headers = {"host": "localhost", "accept-encoding": "gzip"}
response = Client(headers=headers).get("/page/")
is_compressed = response.headers.get("Content-Encoding") == "gzip"
text = gzip.decompress(response.content) if is_compressed else response.content
sys.stdout.write(text.decode())
"""


# What each tool writes into a page.
MARKS = {
    "debug_toolbar": 'id="djDebugRoot"',
    "django_browser_reload": "reload-listener.js",
}


def test_pages_contain_the_tools() -> None:
    """They must come after GZipMiddleware, and bring no inline code."""
    page = run(PAGE, DEBUG="True")
    for tool in TOOLS:
        assert MARKS.get(tool.app, "") in page
    assert not re.search(r"<style|<script(?![^>]* src=)", page)


WITHOUT_THE_TOOLS = """
import sys
sys.modules["debug_toolbar"] = sys.modules["django_browser_reload"] = None
import django
django.setup()
import config.urls
sys.stdout.write("ready")
"""


def test_production_needs_no_tools() -> None:
    assert run(WITHOUT_THE_TOOLS) == "ready"
