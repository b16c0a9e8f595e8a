"""Everything that docs/deploy.md names exists, and its example is complete."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.heavy.processes import Manifests, missing

SHOW_METRICS = """
from unittest.mock import MagicMock, patch
import django
django.setup()
from django.test import Client
Client().get("/accounts/login/", headers={"host": "localhost"})
broker = MagicMock()
broker.__enter__.return_value.configure_mock(**{"llen.return_value": 1, "hlen.return_value": 2})
with patch("redis.Redis.from_url", return_value=broker):
    print(Client().get("/metrics", SERVER_PORT="9000").content.decode())
"""


@pytest.fixture(scope="module")
def text(project: Path) -> str:
    return (project / "docs/deploy.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def kubectl() -> None:
    if shutil.which("kubectl") is None:
        missing("kubectl")


def test_files_exist(project: Path, text: str) -> None:
    paths = set(re.findall(r"(?:`|-k |-f )((?:deploy|docs|tests)/[\w./-]+)", text))
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not (project / path).exists()] == []


def test_commands_exist(project: Path, text: str) -> None:
    known = subprocess.run(
        [".venv/bin/python", "manage.py", "help", "--commands"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    without_examples = re.sub(r"```yaml\n.*?```", "", text, flags=re.DOTALL)
    named = set(re.findall(r"manage\.py (\w+)", without_examples))
    assert "createsuperuser" in named
    assert named - set(known) == set()


def test_objects_exist(project: Path, text: str, kubectl: None) -> None:
    objects = {
        f"{one['kind'].lower()}/{one['metadata']['name']}"
        for one in Manifests(project, "production").objects
    }
    named = set(re.findall(r"\b((?:cronjob|deployment|job)/[a-z-]+)", text))
    assert {"job/migrate", "deployment/web"} <= named
    assert named - objects == set()


@pytest.fixture(scope="module")
def metrics(project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The project's response to Prometheus."""
    environment = {
        **os.environ,
        "CELERY_BROKER_URL": "redis://of-this-test",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('metrics')}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "METRICS_PORT": "9000",
    }
    for arguments in (["manage.py", "migrate", "--verbosity=0"], ["-c", SHOW_METRICS]):
        run = subprocess.run(
            [".venv/bin/python", *arguments],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return run.stdout


def test_metrics_exist(text: str, metrics: str) -> None:
    named = set(re.findall(r"`((?:http|themis)_\w+)", text))
    assert len(named) == 3
    assert [name for name in sorted(named) if name not in metrics] == []


def test_the_dashboard_shows_metrics_that_exist(project: Path, metrics: str) -> None:
    file = project / "deploy/k8s/components/monitoring/dashboard.json"
    dashboard = json.loads(file.read_text(encoding="utf-8"))
    expressions = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    named = {name for one in expressions for name in re.findall(r"(\w+)\{", one)}
    exposed = set(re.findall(r"^(\w+)", metrics, re.MULTILINE))
    assert {name.split("_")[0] for name in named} == {"http", "themis", "celery"}
    assert named - exposed == set()


def test_the_secrets_are_those_of_the_manifests(project: Path, text: str) -> None:
    named = set(re.findall(r"^   ([A-Z_]+)=", text, re.MULTILINE))
    settings = (project / "deploy/k8s/base/settings.env").read_text(encoding="utf-8")
    assert named == set(re.findall(r"^([A-Z_]+)_FILE=", settings, re.MULTILINE))


def test_no_secret_is_copied_into_an_annotation(text: str) -> None:
    """`kubectl apply` does that, except with server-side apply."""
    commands = re.sub(r"\\\n\s*", "", text).splitlines()
    about_secrets = [one for one in commands if "create secret" in one and "kubectl -n" in one]
    assert about_secrets
    assert all("| kubectl apply --server-side " in one for one in about_secrets)
    assert "| kubectl apply -f" not in text


def test_the_example_of_another_environment_is_complete(
    project: Path, text: str, tmp_path: Path, kubectl: None
) -> None:
    [example] = re.findall(r"### Another environment\n.*?```yaml\n(.*?)```", text, re.DOTALL)
    shutil.copytree(project / "deploy", tmp_path / "deploy")
    (tmp_path / "deploy/k8s/overlays/staging").mkdir()
    (tmp_path / "deploy/k8s/overlays/staging/kustomization.yaml").write_text(example)
    staging, production = Manifests(tmp_path, "staging"), Manifests(tmp_path, "production")
    assert len(staging.objects) == len(production.objects)
    for one in staging.objects:
        is_namespace = one["kind"] == "Namespace"
        assert one["metadata"]["name" if is_namespace else "namespace"] == "team-tracker-staging"
    ingress = staging.named("Ingress", "web")["spec"]
    hosts = [*ingress["tls"][0]["hosts"], *(rule["host"] for rule in ingress["rules"])]
    assert set(hosts) == {staging.settings()["ALLOWED_HOSTS"], hosts[0]}
    assert hosts[0] != production.settings()["ALLOWED_HOSTS"]


def test_the_example_of_a_cronjob_is_complete(
    project: Path, text: str, tmp_path: Path, kubectl: None
) -> None:
    example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[-1]
    copy = tmp_path / "copy"
    shutil.copytree(project / "deploy", copy / "deploy")
    with (copy / "deploy/k8s/base/cronjobs.yaml").open("a", encoding="utf-8") as file:
        file.write(example)
    manifests = Manifests(copy, "production")
    added = manifests.named("CronJob", "send-weekly-summary")["spec"]
    known = manifests.named("CronJob", "clear-sessions")["spec"]
    for job in (added, known):
        del job["schedule"]
        del job["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert added == known
