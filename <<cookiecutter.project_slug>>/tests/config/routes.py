"""The routes of the project, and what each `authorization.py` expects of them."""

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from themis.tests import authorization as of_themis

ROOT = Path(settings.BASE_DIR)
VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()\\]|\\.)*\)")
# Values for the variable parts of a path, by their names or types.
SAMPLES = {
    "app_label": "themis",
    "content_type_id": "0",
    "id": "1",
    "int": "0",
    "object_id": "1",
    "uidb36": "1",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


def _import(file: Path) -> ModuleType:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return importlib.import_module(".".join(parts))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, URLPattern | URLResolver]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        yield route, pattern
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)


def _is_admin(pattern: URLPattern | URLResolver) -> bool:
    return isinstance(pattern, URLResolver) and pattern.app_name == "admin"


WALKED = list(_walk(get_resolver().url_patterns))
ADMIN = next((route for route, pattern in WALKED if _is_admin(pattern)), None)
# Of two views with the same route, the first is used.
VIEWS: dict[str, Callable[..., Any]] = {
    route: pattern.callback
    for route, pattern in reversed(WALKED)
    if isinstance(pattern, URLPattern)
}
ADMIN_ROUTES = sorted(
    route for route in VIEWS if ADMIN is not None and route.startswith(ADMIN)
)
OTHER_ROUTES = sorted(VIEWS.keys() - set(ADMIN_ROUTES))

# The modules of URLs that are included, with their paths.
PATHS = {
    getattr(pattern.urlconf_name, "__name__", ""): route
    for route, pattern in WALKED
    if isinstance(pattern, URLResolver)
}


def _here(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the rows of each module by their routes in this project."""
    return {
        PATHS[module] + route: row
        for module, routes in rows.items()
        if module in PATHS
        for route, row in routes.items()
    }


EXPECTED = _here(of_themis.EXPECTED)
OBJECTS = _here(of_themis.OBJECTS)
FILES = dict.fromkeys(EXPECTED, "themis/tests/authorization.py")
for file in sorted(ROOT.glob("tests/*/authorization.py")):
    module = _import(file)
    EXPECTED |= module.EXPECTED
    OBJECTS |= module.OBJECTS
    FILES |= dict.fromkeys(module.EXPECTED, file.relative_to(ROOT).as_posix())


def file_of(route: str) -> str:
    """Return the file that has, or should have, the expectations for the route."""
    if route in FILES:
        return FILES[route]
    app = VIEWS[route].__module__.partition(".")[0]
    folder = app if (ROOT / app).is_dir() else "config"
    return f"tests/{folder}/authorization.py"


def object_of(route: str, owner: Any) -> Any:
    """Return the owner's object that the route is about, or None."""
    prefix, variable, _rest = route.partition("<")
    return OBJECTS[prefix](owner) if variable and prefix in OBJECTS else None


def path_of(route: str, about: Any = None) -> str:
    """Return a path that the route matches: that of an object, if there is one."""

    def value(variable: re.Match[str]) -> str:
        kind, name = variable.groups()
        found = getattr(about, name, about.pk if about and kind == "int" else None)
        if found is not None:
            return str(found)
        return SAMPLES.get(name) or SAMPLES.get(kind) or "x"

    route = GROUP.sub(lambda group: SAMPLES.get(group[1], "x"), route)
    return "/" + re.sub(r"[\^$]|\\Z", "", VARIABLE.sub(value, route))


def is_variable(route: str) -> bool:
    return "<" in route or "(" in route
