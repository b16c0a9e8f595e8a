"""The overlay for your own machine serves a page to a browser, with sample data.

`kubectl port-forward` passes on the browser's requests, as this file does: without TLS,
without a proxy's headers, and with localhost as the host.
"""

import http.cookiejar
import os
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heavy.processes import Manifests, free_port, missing, status, wait_until


class Machine:
    """The processes of the overlay's pods, on a separate database."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns(".venv", ".env", ".git", "db.sqlite3*")
        self.project = shutil.copytree(project, folder / "project", ignore=ignored)
        self.python = project / ".venv/bin/python"
        self.manifests = Manifests(project, "local", secrets=folder / "k8s")
        self.port = free_port()
        settings = self.manifests.settings()
        plain = {name: value for name, value in settings.items() if not name.endswith("_FILE")}
        self.environment = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(folder),
            **plain,
            "SECRET_KEY": self.manifests.secrets["SECRET_KEY"],
            "EMAIL_URL": self.manifests.secrets["EMAIL_URL"],
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "GUNICORN_BIND": f"127.0.0.1:{self.port}",
            "METRICS_PORT": str(free_port()),
        }

    def command(self, kind: str, name: str) -> list[str]:
        [container] = self.manifests.pod(kind, name)["containers"]
        program, *arguments = container["args"]
        return [
            str(self.python),
            *([] if program == "python" else ["-m", program]),
            *arguments,
        ]

    def run(self, *command: str) -> str:
        run = subprocess.run(
            command,
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
        return run.stdout


@pytest.fixture(scope="module")
def machine(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    if shutil.which("kubectl") is None:
        missing("kubectl")
    machine = Machine(project, tmp_path_factory.mktemp("machine"))
    machine.run(*machine.command("Job", "migrate"))
    with subprocess.Popen(
        machine.command("Deployment", "web"), cwd=machine.project, env=machine.environment
    ) as web:
        try:
            wait_until(lambda: status(machine.port, "/readyz") == 200, 60, "ready")
            yield machine
        finally:
            web.terminate()


def test_documented_commands_serve_the_sign_in_page(machine: Machine) -> None:
    text = (machine.project / "docs/deploy.md").read_text(encoding="utf-8")
    [command] = re.findall(r"exec deployment/web -- (python .*load_sample_data)$", text, re.M)
    assert re.search(r"port-forward service/web 8000:80$", text, re.M)
    told = machine.run(str(machine.python), *command.split()[1:])
    login = re.search(r"Sign in as (\w+), password (\w+)\.", told)
    assert login

    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    address = f"http://localhost:{machine.port}/accounts/login/"
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    fields = {"login": login[1], "password": login[2], "csrfmiddlewaretoken": token[1]}
    data = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(address, data, {"Referer": address})
    with browser.open(request) as answer:
        assert answer.url == f"http://localhost:{machine.port}/"
        home = answer.read().decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', home)
    assert style
    assert 'href="/tasks/' in home
    with browser.open(f"http://localhost:{machine.port}{style[1]}") as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
