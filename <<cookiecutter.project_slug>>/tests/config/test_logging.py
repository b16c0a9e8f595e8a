import json
import subprocess
import sys

import pytest
from django.conf import settings

LOG = """
import logging.config
import sys
from config.logging import logging_settings
logging.config.dictConfig(logging_settings(debug=sys.argv[1] == "debug"))
logging.getLogger("gunicorn.error").info("Booting worker")
logging.getLogger("gunicorn.access").info("GET /?token=secret")
logging.getLogger("themis.http.request_log").info("GET /")
logging.getLogger("django.request").warning("Not Found: /")
"""


def logged(mode: str) -> list[str]:
    """Return the lines that a process logs."""
    run = subprocess.run(
        [sys.executable, "-c", LOG, mode],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stderr.splitlines()


def test_production_logs_json() -> None:
    lines = [json.loads(line) for line in logged("production")]
    messages = [line["message"] for line in lines]
    assert "Booting worker" in messages
    assert messages.count("GET /") == 1


def test_development_logs_text() -> None:
    [line] = [line for line in logged("debug") if "Booting worker" in line]
    assert not line.startswith("{")


@pytest.mark.parametrize("mode", ["production", "debug"])
def test_query_strings_are_not_logged(mode: str) -> None:
    assert "secret" not in "".join(logged(mode))
