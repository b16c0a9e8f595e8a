"""The workflows of generated projects and of the template: steps, permissions and outputs."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import MINORS
from tests.files import files
from tests.generate import PROJECT_FOLDER, TEMPLATE, copy_of_template, generate

WORKFLOWS = [
    file
    for folder in (PROJECT_FOLDER, TEMPLATE)
    for file in sorted(folder.glob(".github/workflows/*.yml"))
]
OVERLAY = "deploy/k8s/overlays/production/kustomization.yaml"
IMAGE = "registry.example.com/team-tracker"
DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is not installed."""
    return generate(tmp_path_factory.mktemp("generated"))


def workflow(name: str, root: Path = PROJECT_FOLDER) -> Any:
    file = root / f".github/workflows/{name}.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def step(job: str, words: str) -> Any:
    """Return the release's step whose name or action contains these words."""
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


def with_gh(folder: Path, answer: str = "") -> dict[str, str]:
    """Return an environment with a GitHub client that writes its arguments into `asked`."""
    gh = folder / "bin/gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/asked"\n{answer}\n')
    gh.chmod(0o755)
    return {
        "PATH": f"{gh.parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def test_ci_runs_check_and_test_postgres() -> None:
    job = workflow("ci")["jobs"]["check"]
    assert job["steps"][-1]["run"] == 'make "$TARGET"'
    assert job["steps"][-1]["env"]["TESTS"] == "coverage"
    assert job["strategy"]["matrix"]["target"] == ["check", "test-postgres"]
    gitlab = yaml.safe_load((PROJECT_FOLDER / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert gitlab["check"]["script"] == job["steps"][-1]["run"]
    assert gitlab["check"]["variables"] == {"TESTS": "coverage"}
    [matrix] = gitlab["check"]["parallel"]["matrix"]
    assert matrix["TARGET"] == job["strategy"]["matrix"]["target"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflow_pins_what_it_uses(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_workflows_pin_the_same_action_versions() -> None:
    used = {
        action
        for file in WORKFLOWS
        for action in re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    }
    assert len({action.partition("@")[0] for action in used}) == len(used)


def test_release_has_least_privileges() -> None:
    assert workflow("release")["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow("release")["jobs"].items()}
    assert rights == {
        "image": {"contents": "read", "packages": "write", "id-token": "write"},
        "overlay": {"contents": "write", "pull-requests": "write"},
    }


def test_nothing_is_pushed_before_it_is_scanned() -> None:
    scan, push = step("image", "scan-action"), step("image", "Build for both")
    scanned = step("image", "Build the image to scan")["with"]
    assert scanned.get("push") is None
    assert scanned["tags"] == scan["with"]["image"]
    assert scan["with"]["severity-cutoff"] == "high"
    assert scan["with"].get("fail-build", True) is True
    # What is pushed includes what was scanned.
    assert push["with"]["build-args"] == scanned["build-args"]
    order = ["Build the image to scan", "scan-action", "Build for both", "Sign it"]
    assert sorted(order, key=position) == order


def test_pushed_image_has_sbom_and_provenance() -> None:
    push = step("image", "Build for both")["with"]
    assert push["platforms"] == "linux/amd64,linux/arm64"
    assert (push["sbom"], push["provenance"]) == (True, "mode=max")
    assert "${{ steps.push.outputs.digest }}" in step("image", "Sign it")["env"]["IMAGE"]


def test_image_name_comes_from_the_overlay(folder: Path, tmp_path: Path) -> None:
    play(step("image", "Read from the overlay"), folder, GITHUB_OUTPUT=str(tmp_path / "output"))
    assert (tmp_path / "output").read_text().splitlines() == [
        f"name={IMAGE}",
        "registry=registry.example.com",
    ]


def test_digest_is_proposed_in_a_pull_request(folder: Path, tmp_path: Path) -> None:
    """Another image in the list keeps its digest."""
    overlay = folder / OVERLAY
    other = f"  - name: pgbouncer\n    newName: {IMAGE}-pgbouncer\n    digest: sha256:{'0' * 64}\n"
    text = overlay.read_text().replace("images:\n", f"images:\n{other}")
    overlay.write_text(text)
    environment = with_gh(tmp_path)
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


# The template's own


@pytest.mark.parametrize("name", ["newest", "example"])
def test_own_workflow_has_least_privileges(name: str) -> None:
    one = workflow(name, TEMPLATE)
    assert one["permissions"] == {}
    rights = {job: one["jobs"][job]["permissions"] for job in one["jobs"]}
    assert rights in (
        {"check": {"contents": "read"}, "report": {"issues": "write"}},
        {"publish": {"contents": "write"}},
    )


def test_matrix_is_complete(tmp_path: Path) -> None:
    """Every version of Django, on every Python that it runs on, and on both databases."""
    job = workflow("ci", TEMPLATE)["jobs"]["project"]
    matrix = job["strategy"]["matrix"]
    answers = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    assert matrix["django"] == answers["django_version"]
    assert matrix["target"] == ["test", "test-postgres"]
    assert matrix["python"] == [f"3.{minor}" for minor in MINORS]
    for version in matrix["django"]:
        project = generate(tmp_path / version, django_version=version)
        pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
        oldest = pyproject["project"]["requires-python"].removeprefix(">=")
        excluded = {one["python"] for one in matrix["exclude"] if one["django"] == version}
        pythons = [python for python in matrix["python"] if python not in excluded]
        # They have equally many digits.
        assert pythons == [python for python in matrix["python"] if python >= oldest]
        assert pythons[0] == oldest


@pytest.mark.heavy
def test_matrix_generates_what_it_tests(tmp_path: Path) -> None:
    clone = copy_of_template(tmp_path / "clone")
    step = workflow("ci", TEMPLATE)["jobs"]["project"]["steps"][-1]
    play(step, clone, DJANGO="6.1", TARGET="help", UV_PYTHON=sys.executable)
    assert '"django>=6.1' in (clone / "team-tracker/pyproject.toml").read_text(encoding="utf-8")


def test_newest_dependencies_are_checked_every_week() -> None:
    newest = workflow("newest", TEMPLATE)
    [schedule] = newest[True]["schedule"]  # YAML reads "on" as a boolean
    assert schedule["cron"].split()[-1] not in ("*", "0-6")
    assert [one["run"] for one in newest["jobs"]["check"]["steps"] if "run" in one] == [
        "make check",
        "make links",
    ]
    # A lock file would pin old versions.
    assert "/uv.lock" in (TEMPLATE / ".gitignore").read_text().splitlines()
    report = newest["jobs"]["report"]
    assert (report["needs"], report["if"]) == ("check", "failure()")


@pytest.mark.parametrize(
    ("open_issue", "asked"), [("", "issue create --title Red"), ("7", "issue comment 7")]
)
def test_failure_is_one_issue(tmp_path: Path, open_issue: str, asked: str) -> None:
    [one] = workflow("newest", TEMPLATE)["jobs"]["report"]["steps"]
    environment = with_gh(tmp_path, f'[ "$2" != list ] || echo "{open_issue}"')
    play(one, tmp_path, TITLE="Red", RUN="https://example.com/runs/1", **environment)
    listed, last = (tmp_path / "asked").read_text().splitlines()
    assert listed.startswith('issue list --search in:title "Red" ')
    assert last.startswith(f"{asked} --body ")
    assert last.endswith("https://example.com/runs/1")


def test_default_project_is_published_as_it_is(tmp_path: Path) -> None:
    """Without secrets. A second time, it adds a commit only if the template has changed."""
    *_, make, publish = workflow("example", TEMPLATE)["jobs"]["publish"]["steps"]
    assert make["run"] == "make demo-project"
    assert publish["working-directory"] == "demo"
    environment = with_gh(tmp_path)
    origin = tmp_path / "origin"
    play({"run": f"git init --quiet --bare '{origin}'"}, tmp_path, **environment)
    environment |= {"URL": str(origin), "GITHUB_SHA": "1a2b3c"}
    for number, commits in enumerate([1, 1, 2]):
        project = generate(tmp_path / str(number))
        if number == 2:
            (project / "manage.py").unlink()
        play(publish, project, **environment)
        log = play({"run": "git log --format=%s example"}, origin, **environment).stdout
        assert log == "Generate from 1a2b3c\n" * commits
        ls = play({"run": "git ls-tree -r --name-only example"}, origin, **environment).stdout
        expected = {name for name in files(project) if not name.startswith((".git/", ".github/"))}
        assert expected - set(ls.splitlines()) == {".env"}


# Renovate


def test_renovate_sees_everything_that_is_pinned(folder: Path) -> None:
    """The managers that look for files with standard names find the rest."""
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


def test_renovate_ignores_our_own_image(folder: Path) -> None:
    renovate = json.loads((folder / "renovate.json").read_text())
    [ours] = [one for one in renovate["packageRules"] if one.get("enabled") is False]
    name, pattern = ours["matchPackageNames"]
    assert name == "team-tracker"
    assert re.search(pattern.strip("/"), IMAGE)
    assert not re.search(pattern.strip("/"), f"{IMAGE}-pgbouncer")
