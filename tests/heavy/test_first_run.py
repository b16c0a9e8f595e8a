"""A newcomer with an empty home directory types the commands in README.md, as printed: the demo,
where somebody gets a task, and a project of their own."""

import html
import os
import re
import shlex
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.commands import Server, serving
from tests.documents import blocks
from tests.generate import TEMPLATE, copy_of_template
from tests.test_cruft import commit, run

URL = "URL_OF_THIS_REPOSITORY"
DEMO, OWN = (
    block.text.splitlines() for block in blocks(TEMPLATE / "README.md", "sh") if URL in block.text
)
ANSWERS = ["Harbor Log", "", "", "", "", "", "Europe/Oslo", ""]


class Browser:
    """A client that follows links and sends forms, with one person's cookies."""

    def __init__(self, server: Server, user: str) -> None:
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)
        page = self.send("/accounts/login/", login=user, password="demo")
        assert "/accounts/logout/" in page

    def open(self, path: str, data: bytes | None = None) -> str:
        request = urllib.request.Request(
            self.server.url + path, data, {"Referer": self.server.url + path}
        )
        with self.opener.open(request, timeout=30) as answer:
            return html.unescape(answer.read().decode())

    def send(self, path: str, **fields: str) -> str:
        """Fill in and send the form of a page. Return the next page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.open(path))
        assert found is not None
        fields["csrfmiddlewaretoken"] = found[1]
        return self.open(path, urllib.parse.urlencode(fields).encode())


def newcomer(home: Path) -> dict[str, str]:
    """The environment of somebody without the tools of this test run."""
    ours = {str(Path(os.environ["UV"]).parent), str(Path(sys.executable).parent)}
    path = os.environ["PATH"].split(os.pathsep)
    theirs = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "PYTEST", "UV", "VIRTUAL_ENV", "XDG"))
    }
    return {
        **theirs,
        "HOME": str(home),
        "PATH": os.pathsep.join(part for part in path if part not in ours),
    }


class Newcomer:
    """Somebody in a folder for projects, who can clone the template."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "my projects", folder / "home"
        self.template = copy_of_template(folder / "template")
        for path in (self.folder, self.home):
            path.mkdir()
        run(self.template, "git", "init", "--quiet")
        commit(self.template, "The template")

    def type(self, commands: list[str], answers: list[str] | None = None) -> list[str]:
        """Type commands and answers in a shell. Return the lines that they print."""
        shell = subprocess.run(
            ["sh", "-ec", "\n".join(commands).replace(URL, shlex.quote(str(self.template)))],
            cwd=self.folder,
            env=newcomer(self.home),
            input="".join(f"{answer}\n" for answer in answers or []),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert shell.returncode == 0, shell.stdout
        return shell.stdout.splitlines()

    @contextmanager
    def demo(self, commands: list[str]) -> Iterator[Server]:
        """Type commands, the last of which serves a project."""
        assert commands[-1] == "make demo"
        folder = Path(self.type([*commands[:-1], "pwd"])[-1])
        log = self.home / f"{folder.name}.log"
        with serving(folder, "demo", log, newcomer(self.home), seconds=900) as server:
            server.wait_until_it_says("Sign in as demo, password demo.")
            yield server


@pytest.fixture(scope="module")
def somebody(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    return Newcomer(tmp_path_factory.mktemp("somebody"))


def test_assignee_is_notified(somebody: Newcomer) -> None:
    with somebody.demo(DEMO) as server:
        assign(server)


def assign(server: Server) -> None:
    dana = Browser(server, "demo")
    project = re.search(r"/projects/\d+/", dana.open("/projects/"))
    assert project is not None
    new = f"{project[0]}tasks/new/"
    amelie = re.search(r'<option value="(\d+)"[^>]*>\s*Am', dana.open(new), re.IGNORECASE)
    assert amelie is not None
    dana.send(new, title="Water the plants", assignee=amelie[1])
    assert "Water the plants" in Browser(server, "amelie").open("/notifications/")
    assert "Water the plants" not in Browser(server, "joerg").open("/notifications/")


def test_own_project(somebody: Newcomer) -> None:
    """With the cruft of this test run, in place of a new one."""
    [install, create] = OWN
    assert install == "pipx install cruft"
    programs = shlex.quote(str(Path(sys.executable).parent))
    printed = somebody.type([f"{programs}/{create}"], ANSWERS)
    start = next(number for number, line in enumerate(printed) if line.endswith("Next:"))
    with somebody.demo([line.strip() for line in printed[start + 1 :] if line]) as server:
        assert "Harbor Log" in Browser(server, "demo").open("/")
