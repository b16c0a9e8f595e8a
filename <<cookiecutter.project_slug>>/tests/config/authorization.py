"""What `test_authorization` expects of routes outside of apps. Add yours here."""

from collections.abc import Callable
from typing import Any

from themis.tests import roles

OBJECTS: dict[str, Callable[[Any], Any]] = {}

EXPECTED: dict[str, dict[str, roles.Row]] = {
    # "about/": {"GET": roles.everybody(200), "POST": roles.everybody(405)},
}
