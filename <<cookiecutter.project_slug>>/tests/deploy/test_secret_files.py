"""The settings read secrets from files, which often end with a newline."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy import variables
from tests.deploy.manifests import ROOT

SECRETS = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://app:password@db.example.com:5432/app",
    "CELERY_BROKER_URL": "redis://:password@valkey.example.com:6379/0",
    "THEMIS_HEALTH_TOKEN": "token",
}
SHOW = """
import json
from config import settings
plain = ("SECRET_KEY", "CELERY_BROKER_URL", "THEMIS_HEALTH_TOKEN")
print(json.dumps({
    "plain": {name: vars(settings)[name] for name in plain if hasattr(settings, name)},
    "database": settings.DATABASES["default"]["NAME"],
    "eager": getattr(settings, "CELERY_TASK_ALWAYS_EAGER", None),
}))
"""


def settings_with(
    folder: Path, secrets: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a separate process."""
    others = dict.fromkeys(variables.required().keys() - secrets.keys(), "example.com")
    environment = {**others, "DEBUG": "False"}
    for name, value in secrets.items():
        (folder / name).write_text(value)
        environment[f"{name}_FILE"] = str(folder / name)
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )


def test_trailing_newline_is_stripped_from_secrets(tmp_path: Path) -> None:
    run = settings_with(tmp_path, {name: f"{one}\n" for name, one in SECRETS.items()})
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout)
    assert shown["plain"] == {name: SECRETS[name] for name in shown["plain"]}
    assert shown["database"] == "app"


def test_an_empty_file_is_no_broker(tmp_path: Path) -> None:
    pytest.importorskip("config.celery", reason="The project has no Celery.")
    run = settings_with(tmp_path, {**SECRETS, "CELERY_BROKER_URL": "\n"})
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["eager"] is True


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={"SECRET_KEY_FILE": str(tmp_path / "SECRET_KEY")},
        capture_output=True,
        check=False,
        text=True,
    )
    assert f"No such file or directory: '{tmp_path}/SECRET_KEY'" in run.stderr
