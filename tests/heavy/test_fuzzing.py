"""The API conforms to its OpenAPI document, whatever schemathesis sends."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.heavy.server import HOST, Server, issue, running

EXPORT = """
import json, sys
from themis.api import api
sys.stdout.write(json.dumps(api.get_openapi_schema()))
"""
# A schema cannot say "in the future" or "a path of this site": such values are rejected too.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "422", "429"]
"""


def test_api_is_as_described(project: Path, tmp_path: Path) -> None:
    server = Server(project, f"sqlite:///{tmp_path / 'db.sqlite3'}")
    # One address keeps sending invalid keys.
    server.environment["THEMIS_API_FAILURES_PER_MINUTE"] = "0"
    server.manage("migrate", "-v0")
    key = issue(server)
    (tmp_path / "openapi.json").write_text(server.manage("shell", "-v0", "-c", EXPORT))
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    with running(server):
        run = subprocess.run(
            [
                *(uv, "run", "--group", "fuzz", "--", "st"),
                *("--config-file", tmp_path / "schemathesis.toml"),
                *("run", tmp_path / "openapi.json", "--checks", "all", "--no-color"),
                *("--origin", f"http://127.0.0.1:{server.port}", "--max-examples", "100"),
                *("--header", f"Authorization: Bearer {key}", "--header", f"Host: {HOST}"),
                *("--header", "X-Forwarded-Proto: https"),
            ],
            cwd=project,
            env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Tested: 11" in run.stdout
