"""Tools that help to develop. `.env.example` has the variables that turn them on."""

import os
from importlib.util import find_spec
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, include, path

from config.env import env


class Tool(NamedTuple):
    variable: str
    app: str
    middleware: str
    path: str


TOOLS = [
    Tool(
        variable="DEBUG_TOOLBAR",
        app="debug_toolbar",
        middleware="debug_toolbar.middleware.DebugToolbarMiddleware",
        path="__debug__/",
    ),
    Tool(
        variable="BROWSER_RELOAD",
        app="django_browser_reload",
        middleware="django_browser_reload.middleware.BrowserReloadMiddleware",
        path="__reload__/",
    ),
]


def development_tools(*, debug: bool) -> list[Tool]:
    """Return the tools to install: none in production and in tests."""
    # pytest sets this variable, also for the processes that tests start.
    if not debug or "PYTEST_VERSION" in os.environ:
        return []
    tools = [tool for tool in TOOLS if env.bool(tool.variable, default=False)]
    for tool in tools:
        if find_spec(tool.app) is None:
            raise ImproperlyConfigured(
                f"{tool.variable} needs {tool.app}, a dependency for development: run "
                "`make install`, or remove the variable."
            )
    return tools


def development_urls() -> list[URLResolver]:
    """Return the URLs of the tools that are installed."""
    return [
        path(tool.path, include(f"{tool.app}.urls"))
        for tool in TOOLS
        if apps.is_installed(tool.app)
    ]
