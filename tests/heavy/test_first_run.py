"""A newcomer clones, types `make demo`, signs in, and gives somebody a task."""

import html
import os
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.commands import Server, serving
from tests.generate import copy_of_template


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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`make demo` in a fresh clone, with an empty home directory and no cache."""
    home = tmp_path_factory.mktemp("home")
    clone = copy_of_template(tmp_path_factory.mktemp("a clone") / "of the template")
    with serving(clone, "demo", home / "log", newcomer(home), seconds=900) as server:
        server.wait_until_it_says("Sign in as demo, password demo.")
        yield server


def test_whoever_gets_a_task_is_told(server: Server) -> None:
    dana = Browser(server, "demo")
    project = re.search(r"/projects/\d+/", dana.open("/projects/"))
    assert project is not None
    new = f"{project[0]}tasks/new/"
    amelie = re.search(r'<option value="(\d+)"[^>]*>\s*Am', dana.open(new), re.IGNORECASE)
    assert amelie is not None
    dana.send(new, title="Water the plants", assignee=amelie[1])
    assert "Water the plants" in Browser(server, "amelie").open("/notifications/")
    assert "Water the plants" not in Browser(server, "joerg").open("/notifications/")
