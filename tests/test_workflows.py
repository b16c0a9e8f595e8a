"""The workflows of a generated project: what they run, what they may, what they write."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.generate import PROJECT_FOLDER, generate

WORKFLOWS = sorted(PROJECT_FOLDER.glob(".github/workflows/*.yml"))
OVERLAY = "deploy/k8s/overlays/production/kustomization.yaml"
IMAGE = "registry.example.com/team-tracker"
DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, not installed."""
    return generate(tmp_path_factory.mktemp("generated"))


def workflow(name: str) -> Any:
    file = PROJECT_FOLDER / f".github/workflows/{name}.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def step(job: str, words: str) -> Any:
    """The step of the release whose name or action has these words."""
    [one] = [
        one
        for one in workflow("release")["jobs"][job]["steps"]
        if words in one.get("name", one.get("uses"))
    ]
    return one


def position(words: str) -> int:
    return workflow("release")["jobs"]["image"]["steps"].index(step("image", words))


def play(one: Any, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as GitHub does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", one["run"]],
        cwd=folder,
        env={**os.environ, "OVERLAY": OVERLAY, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def test_ci_runs_check_and_test_postgres() -> None:
    job = workflow("ci")["jobs"]["check"]
    assert job["steps"][-1]["run"] == 'make "$TARGET"'
    assert job["strategy"]["matrix"]["target"] == ["check", "test-postgres"]
    gitlab = yaml.safe_load((PROJECT_FOLDER / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert gitlab["check"]["script"] == job["steps"][-1]["run"]
    [matrix] = gitlab["check"]["parallel"]["matrix"]
    assert matrix["TARGET"] == job["strategy"]["matrix"]["target"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflow_pins_what_it_uses(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_workflows_pin_an_action_alike() -> None:
    used = {
        action
        for file in WORKFLOWS
        for action in re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    }
    assert len({action.partition("@")[0] for action in used}) == len(used)


def test_release_has_no_right_that_it_does_not_need() -> None:
    assert workflow("release")["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow("release")["jobs"].items()}
    assert rights == {
        "image": {"contents": "read", "packages": "write", "id-token": "write"},
        "overlay": {"contents": "write", "pull-requests": "write"},
    }


def test_nothing_is_pushed_before_it_is_scanned() -> None:
    scan, push = step("image", "scan-action"), step("image", "Build for both")
    scanned = step("image", "Build what is scanned")["with"]
    assert scanned.get("push") is None
    assert scanned["tags"] == scan["with"]["image"]
    assert scan["with"]["severity-cutoff"] == "high"
    assert scan["with"].get("fail-build", True) is True
    # What is pushed is what was scanned, and more.
    assert push["with"]["build-args"] == scanned["build-args"]
    order = ["Build what is scanned", "scan-action", "Build for both", "Sign it"]
    assert sorted(order, key=position) == order


def test_what_is_pushed_says_where_it_comes_from() -> None:
    push = step("image", "Build for both")["with"]
    assert push["platforms"] == "linux/amd64,linux/arm64"
    assert (push["sbom"], push["provenance"]) == (True, "mode=max")
    assert "${{ steps.push.outputs.digest }}" in step("image", "Sign it")["env"]["IMAGE"]


def test_the_overlay_says_where_the_image_belongs(folder: Path, tmp_path: Path) -> None:
    play(step("image", "Read from the overlay"), folder, GITHUB_OUTPUT=str(tmp_path / "output"))
    assert (tmp_path / "output").read_text().splitlines() == [
        f"name={IMAGE}",
        "registry=registry.example.com",
    ]


def test_the_digest_comes_by_a_pull_request(folder: Path, tmp_path: Path) -> None:
    """One more image in the list keeps its own digest."""
    overlay = folder / OVERLAY
    other = f"  - name: pgbouncer\n    newName: {IMAGE}-pgbouncer\n    digest: sha256:{'0' * 64}\n"
    text = overlay.read_text().replace("images:\n", f"images:\n{other}")
    overlay.write_text(text)
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin/gh"
    gh.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\n')
    gh.chmod(0o755)
    environment = {
        "PATH": f"{gh.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    setup = f"""
        git init --quiet --bare '{tmp_path}/origin'
        git init --quiet --initial-branch=main
        git remote add origin '{tmp_path}/origin'
        git add .
        git -c user.name=Test -c user.email=test@example.com commit --quiet --message=Start
    """
    play({"run": setup}, folder, **environment)
    one = step("overlay", "Write the digest")
    play(one, folder, IMAGE=IMAGE, DIGEST=DIGEST, VERSION="v1.0.0", **environment)
    changed = play({"run": "git diff --unified=0 main origin/deploy-v1.0.0"}, folder).stdout
    lines = [line for line in changed.splitlines() if re.match(r"[+-] ", line)]
    assert lines == [f"-    digest: sha256:{'0' * 64}", f"+    digest: {DIGEST}"]
    kustomization = yaml.safe_load(overlay.read_text())
    assert [image["digest"] for image in kustomization["images"]] == [f"sha256:{'0' * 64}", DIGEST]
    assert (tmp_path / "asked").read_text().splitlines()[-1] == "pr create --fill"


# Renovate


def test_renovate_sees_everything_that_is_pinned(folder: Path) -> None:
    """The managers that look at files of their own names find the rest."""
    renovate = json.loads((folder / "renovate.json").read_text())
    [pattern] = renovate["kubernetes"]["managerFilePatterns"]
    with_images = [
        path.relative_to(folder).as_posix()
        for path in (folder / "deploy/k8s").rglob("*.yaml")
        if re.search(r"^\s*-? ?image: ", path.read_text(), re.MULTILINE)
    ]
    assert with_images
    assert all(re.search(pattern.strip("/"), name) for name in with_images)
    # As the preset "customManagers:dockerfileVersions" reads a Dockerfile.
    assert "customManagers:dockerfileVersions" in renovate["extends"]
    versions = r"# renovate: datasource=(\S+) depName=(\S+)\s+ARG \w+_VERSION=[\"']?(\S+?)[\"']?\s"
    dockerfile = (folder / "Dockerfile").read_text()
    assert len(re.findall(versions, dockerfile)) == len(re.findall(r"ARG \w+_VERSION=", dockerfile))


def test_renovate_leaves_our_own_image_alone(folder: Path) -> None:
    renovate = json.loads((folder / "renovate.json").read_text())
    [ours] = [one for one in renovate["packageRules"] if one.get("enabled") is False]
    name, pattern = ours["matchPackageNames"]
    assert name == "team-tracker"
    assert re.search(pattern.strip("/"), IMAGE)
    assert not re.search(pattern.strip("/"), f"{IMAGE}-pgbouncer")
