"""What docs/deploy.md names exists."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.test import Client

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/deploy.md").read_text()
[EXAMPLE] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_files_exist() -> None:
    paths = set(re.findall(r"(?:`|-k |-f )((?:deploy|docs|tests)/[\w./-]+)", TEXT))
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_commands_exist() -> None:
    commands = set(re.findall(r"manage\.py (\w+)", TEXT.replace(EXAMPLE, "")))
    assert commands == {"createsuperuser"}
    assert commands <= get_commands().keys()


def test_objects_exist(rendered: dict[str, list[Any]]) -> None:
    names = set(re.findall(r"\b((?:cronjob|deployment|job)/[a-z-]+)", TEXT))
    assert (
        names
        - {
            f"{one['kind'].lower()}/{one['metadata']['name']}"
            for one in rendered["production"]
        }
        == set()
    )


@pytest.mark.django_db
def test_metrics_exist(client: Client, settings: Any) -> None:
    settings.METRICS_PORT = "9000"
    client.get("/accounts/login/")
    page = client.get("/metrics", SERVER_PORT="9000").content.decode()
    named = set(re.findall(r"`((?:http|themis)_\w+)", TEXT))
    assert len(named) == 3
    assert [name for name in named if name not in page] == []


def test_the_secrets_are_those_of_the_manifests() -> None:
    named = set(re.findall(r"^   ([A-Z_]+)=", TEXT, re.MULTILINE))
    settings = (ROOT / "deploy/k8s/base/settings.env").read_text()
    assert named == set(re.findall(r"^([A-Z_]+)_FILE=", settings, re.MULTILINE))


def test_the_example_of_a_cronjob_is_complete(
    rendered: dict[str, list[Any]], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ROOT / "deploy/k8s", tmp_path / "k8s"))
    with (folder / "base/cronjobs.yaml").open("a") as file:
        file.write(EXAMPLE)
    answer = subprocess.run(
        [str(shutil.which("kubectl")), "kustomize", folder / "overlays/production"],
        capture_output=True,
        check=True,
        text=True,
    )
    jobs = {
        one["metadata"]["name"]: one["spec"]
        for one in yaml.safe_load_all(answer.stdout)
        if one["kind"] == "CronJob"
    }
    example, known = jobs["send-weekly-summary"], jobs["clear-sessions"]
    for job in (example, known):
        del job["schedule"]
        pod = job["jobTemplate"]["spec"]["template"]["spec"]
        del pod["containers"][0]["args"]
    assert example == known
