"""A real gunicorn with the production settings, and its PostgreSQL, which tests can stop."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.heavy.processes import free_port, manage, status, wait_until

THREADS = 4
TOKEN = "a-token-for-this-test"
HOST = "team-tracker.example.com"
HTTPS = {"Host": HOST, "X-Forwarded-Proto": "https"}

SIGN_IN = """
from accounts.models import User
from django.test import Client
browser = Client()
browser.force_login(User.objects.get_or_create(username="ada")[0])
print("__Host-sessionid=" + browser.session.session_key)
"""


class Server:
    """gunicorn with one worker, started as in the manifests."""

    def __init__(self, project: Path, url: str) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.python = project / ".venv/bin/python"
        self.project = project
        self.environment = {
            "PATH": os.environ["PATH"],
            "DEBUG": "False",
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": url,
            "CACHE_URL": "locmemcache://",
            "THEMIS_HEALTH_TOKEN": TOKEN,
            "THEMIS_API_REQUESTS_PER_MINUTE": "0",
            "WEB_CONCURRENCY": "1",
            "GUNICORN_BIND": f"127.0.0.1:{self.port}",
            "METRICS_PORT": str(self.metrics_port),
            "GUNICORN_THREADS": str(THREADS),
            "GUNICORN_DRAIN_SECONDS": "2",
            "GUNICORN_READ_SECONDS": "4",
        }

    def manage(self, *arguments: str) -> str:
        return manage(self.python, self.project, self.environment, *arguments)

    def start_command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a management command without waiting for it."""
        command = [self.python, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=self.project, env=self.environment)

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [self.python, "-m", "gunicorn", "config.wsgi"],
            cwd=self.project,
            env=self.environment,
        )
        wait_until(lambda: status(self.port, "/livez") == 200, 20, "gunicorn answers")
        return process


@contextmanager
def running(server: Server) -> Iterator[subprocess.Popen[bytes]]:
    process = server.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def issue(server: Server) -> str:
    """Return an API key with all scopes."""
    make_user = "from accounts.models import User; User.objects.get_or_create(username='ada')"
    server.manage("shell", "-v0", "-c", make_user)
    scopes = [f"--scope=notifications:{scope}" for scope in ("read", "write", "send")]
    return server.manage("api_keys", "issue", "ada", "test", *scopes)


def session(server: Server) -> str:
    """Return the cookie of a signed-in user."""
    return server.manage("shell", "-v0", "-c", SIGN_IN)


def postmaster(url: str) -> int:
    """Return the process that accepts PostgreSQL's connections."""
    [lock] = Path(url.partition("@")[2].removeprefix("/").rpartition("/")[0]).glob("*.lock")
    return int(lock.read_text().split()[0])


def backends(url: str) -> list[int]:
    """Return the processes that serve the current connections."""
    pid = postmaster(url)
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Make processes hang: they accept connections, and never reply."""
    for pid in pids:
        _signal(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # some of PostgreSQL's processes come and go
        os.kill(pid, number)
