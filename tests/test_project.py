"""A generated project does what its Makefile, README and workflow promise."""

import os
import re
import socket
import subprocess
import tomllib
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.commands import inherited, make, serving
from tests.documents import a_copy, copy_of_project
from tests.generate import PROJECT_FOLDER, TEMPLATE
from tests.owner_edits.editing import append
from tests.references import targets

# The parts of `make check`, each in a separate test, so that a failure says which.
CHECKS = ["lock-check", "lint", "types", "templates", "migrations", "deploy-check", "test"]


@pytest.mark.parametrize("target", CHECKS[:-1])
def test_check(project: Path, target: str) -> None:
    make(project, target)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(target, marks=pytest.mark.heavy) if target == "types" else target
        for target in CHECKS[:-1]
    ],
)
def test_check_on_django_61(project_61: Path, target: str) -> None:
    """Types take longest to check, and differ least."""
    make(project_61, target)


def test_its_own_tests(project: Path) -> None:
    """`make test-heavy` and `make test-edits` run them on Django 6.1."""
    make(project, "test")


def test_check_is_made_of_these() -> None:
    assert targets(PROJECT_FOLDER)["check"] == CHECKS[:-1]
    makefile = (PROJECT_FOLDER / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^TESTS \?= test\ncheck: .*deploy-check \$\(TESTS\) ##", makefile, re.M)


def test_check_of_production_takes_the_examples_of_the_owner(
    project: Path, shared_folder: Path
) -> None:
    """The example of a variable that production needs is only in `.env.example`."""

    def change(copy: Path) -> None:
        line = 'GREETING = required("GREETING", development="Hello")'
        append(copy / "config/settings.py", f"\n{line}\n")

    copy = a_copy(project, "variable of one's own", shared_folder, change)
    with pytest.raises(AssertionError, match="Set the variable GREETING"):
        make(copy, "deploy-check")
    append(copy / ".env.example", '\n#GREETING=Hello to "all" of $YOU\n')
    make(copy, "deploy-check")


def git(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )


def pre_commit(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [".venv/bin/python", "-m", "pre_commit", "run", "--all-files"],
        cwd=project,
        env={**inherited(), "PRE_COMMIT_HOME": str(project / ".git" / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=["project", pytest.param("project_61", marks=pytest.mark.heavy)])
def repository(request: pytest.FixtureRequest) -> Path:
    """The project in git, with all files added."""
    project: Path = request.getfixturevalue(request.param)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    return project


def test_pre_commit_is_clean(repository: Path) -> None:
    run = pre_commit(repository)
    assert run.returncode == 0, run.stdout


def test_commits_are_checked_after_make_hooks(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path))
    clone = copy_of_project(project, tmp_path / "a clone")
    git(clone, "init", "--quiet")
    make(clone, "hooks")
    (clone / "tracker" / "by_hand.py").write_text(
        "from themis.models import UserNotification\n\nUserNotification.objects.create()\n"
    )
    git(clone, "add", "tracker/by_hand.py")
    with pytest.raises(subprocess.CalledProcessError) as error:
        git(clone, "commit", "--message", "By hand")
    assert re.search(r"notify_user\(\).*Failed", error.value.stderr)
    assert "tracker/by_hand.py:3:UserNotification.objects.create()" in error.value.stderr


def test_git_ignores_what_belongs_to_one_checkout(repository: Path) -> None:
    tracked = git(repository, "ls-files").stdout.splitlines()
    assert ".env.example" in tracked
    assert "uv.lock" in tracked
    assert [name for name in tracked if re.match(r"\.env$|\.venv|db\.sqlite3", name)] == []


@pytest.mark.parametrize(
    "line",
    [
        'UserNotification(user=user, title="x").save()',
        'UserNotification.objects.create(user=user, title="x")',
        "UserNotification.objects.bulk_create(rows)",
        "UserNotification.objects.get_or_create(user=user)",
        "UserNotification.objects.update_or_create(user=user)",
        'user.notifications.create(title="x")',
    ],
)
def test_guard_finds_notifications_made_by_hand(project: Path, line: str) -> None:
    pattern = guard()["entry"]
    assert re.search(pattern, line)


def test_guard_lets_notify_user_and_queries_pass() -> None:
    pattern = guard()["entry"]
    assert not re.search(pattern, 'notify_user(user, "x")')
    assert not re.search(pattern, "UserNotification.objects.filter(user=user).delete()")


def guard() -> dict[str, str]:
    """Return the hook that keeps code from creating notifications directly."""
    config = yaml.safe_load((PROJECT_FOLDER / ".pre-commit-config.yaml").read_text())
    return next(hook for hook in config["repos"][0]["hooks"] if hook["id"] == "notify-user")


@pytest.mark.heavy
def test_make_run_serves(project: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    with (
        serving(project, "run", tmp_path / "log", environment) as server,
        urllib.request.urlopen(f"{server.url}/accounts/login/") as answer,
    ):
        page = answer.read().decode()
    assert "<form" in page
    assert "Team Tracker" in page


@pytest.mark.heavy
def test_make_demo_serves_and_prints_how_to_sign_in(project: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    with serving(project, "demo", tmp_path / "log", environment) as server:
        server.wait_until_it_says(
            f"\n  Open {server.url}/\n  Sign in as demo, password demo.\n  Ctrl+C stops it.\n"
        )


def test_slug_is_no_name_in_the_lock(project: Path) -> None:
    """A project with the name of one of its dependencies cannot be locked."""
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    hook = (TEMPLATE / "hooks/pre_gen_project.py").read_text(encoding="utf-8")
    taken = hook.partition('TAKEN = """')[2].partition('"""')[0]
    new = {package["name"] for package in lock["package"]} - {"team-tracker", *taken.split()}
    assert not new, f"Add to TAKEN in hooks/pre_gen_project.py: {' '.join(sorted(new))}"


def test_make_run_names_a_taken_port(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            ["make", "run", f"PORT={port}"],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode != 0
    assert run.stderr.splitlines()[0] == (
        f"Port {port} is taken: try another, such as `make run PORT=8001`."
    )


def test_make_writes_env_for_a_teammate(project: Path, tmp_path: Path) -> None:
    """A clone has no .env, because git ignores it."""
    for name in ("Makefile", ".env.example"):
        (tmp_path / name).write_bytes((project / name).read_bytes())
    make(tmp_path, ".env")
    env = (tmp_path / ".env").read_text()
    assert re.search(r"^SECRET_KEY=[A-Za-z0-9_-]{50,}$", env, re.M)
    assert (
        re.sub("^SECRET_KEY=.*", "SECRET_KEY=", env, flags=re.M)
        == (project / ".env.example").read_text()
    )
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_make_names_the_python_that_is_missing(project: Path, tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).write_bytes((project / name).read_bytes())
    pyproject = (tmp_path / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(re.sub('">=3.11"', '">=3.99"', pyproject))
    run = subprocess.run(
        ["make", ".venv"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stderr.splitlines()[0] == (
        "This project needs Python 3.99 or newer: install one, or name it with "
        "UV_PYTHON=/path/to/python3.99."
    )


def test_help_lists_the_targets(project: Path) -> None:
    listed = re.findall(r"^  make ([a-z-]+) +[A-Z]", make(project), re.M)
    assert {"run", "test", "check", "help", "demo", "test-postgres", "sample-data"} <= set(listed)
    assert set(listed) <= set(targets(project))


def test_readme_names_only_targets_that_exist() -> None:
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.M))
    known = targets(TEMPLATE) | targets(PROJECT_FOLDER)
    assert {"demo", "test"} <= named
    assert named - set(known) == set()
