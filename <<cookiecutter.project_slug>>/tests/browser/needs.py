"""Requirements of these tests that may be missing."""

import os
from typing import Any

import pytest


def needed(name: str) -> Any:
    try:
        return __import__(name, fromlist=["*"])
    except ImportError:
        missing(f"{name} is not installed: `make test-browser` installs it.")


def missing(reason: str) -> None:
    """Skip the test, or fail it if nothing may be skipped."""
    if os.environ.get("CI_STRICT") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
