"""Nothing but its own tests and the browser's knows the example: it can be deleted."""

from pathlib import Path

import pytest
from django.conf import settings

from themis.tests.references import imported


@pytest.mark.parametrize("folder", ["accounts", "config", "themis"])
def test_nothing_else_imports_the_example(folder: str) -> None:
    files = list(Path(settings.BASE_DIR, folder).rglob("*.py"))
    assert files
    assert [
        file
        for file in files
        if any(name.partition(".")[0] == "tracker" for name in imported(file))
    ] == []
