"""Measure Lighthouse's scores of the pages, served as in production.

    make lighthouse

runs this in a generated project: it migrates a new SQLite database, loads the sample data, and
serves it with gunicorn on loopback. It prints each page's scores, its requests with their bytes
on the wire, and what keeps a score below 100. It needs Chromium, and Node for `npx`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

LIGHTHOUSE = "lighthouse@12"  # the last one that runs on Node 20
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PUBLIC = ("/", "/accounts/login/", "/accounts/password/reset/")
PRIVATE = (
    "/",
    "/notifications/",
    "/projects/",
    "/tasks/",
    "/tasks/1/",
    "/settings/",
    "/settings/api-keys/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/sessions/",
)
SETTINGS = """
from config.settings import *
STATIC_ROOT = "{folder}/static"
SECURE_SSL_REDIRECT = False  # Lighthouse asks for robots.txt without a header of ours
"""
SIGN_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.order_by("pk").first())
print(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value, sep="=")
"""


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not (chromium and shutil.which("npx")):
        sys.exit("Install Chromium and Node first: Lighthouse needs both.")
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        folder = Path(name)
        (folder / "lighthouse_settings.py").write_text(SETTINGS.format(folder=folder))
        environment = {
            **os.environ,
            "DEBUG": "False",
            "SECRET_KEY": "only-for-these-figures",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/pages.sqlite3",
            "DJANGO_SETTINGS_MODULE": "lighthouse_settings",
            "PYTHONPATH": f"{folder}{os.pathsep}{Path.cwd()}",
            "CHROME_PATH": chromium,
        }
        manage(environment, "migrate")
        manage(environment | {"DEBUG": "True"}, "load_sample_data")
        manage(environment, "collectstatic", "--no-input")
        cookie = manage(environment, "shell", "--verbosity=0", "--command", SIGN_IN).strip()
        gunicorn = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "config.wsgi"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            measure(f"http://127.0.0.1:{port}", cookie, environment)
        finally:
            gunicorn.terminate()
            gunicorn.wait()


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def measure(server: str, cookie: str, environment: dict[str, str]) -> None:
    request = urllib.request.Request(f"{server}/livez")
    for _ in range(100):
        try:
            urllib.request.urlopen(request)
            break
        except OSError:
            time.sleep(0.1)
    print(f"{'':34}{'  '.join(CATEGORIES)}  requests   bytes")
    for page in PUBLIC:
        show(page, audit(server + page, "", environment))
    for page in PRIVATE:
        show(f"{page} signed in", audit(server + page, cookie, environment))


def audit(url: str, cookie: str, environment: dict[str, str]) -> dict[str, Any]:
    headers = {"X-Forwarded-Proto": "https"} | ({"Cookie": cookie} if cookie else {})
    command = [
        "npx",
        "--yes",
        LIGHTHOUSE,
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps(headers)}",
        "--chrome-flags=--headless=new --no-sandbox",
        "--ignore-status-code",
    ]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"{url}\n{run.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def show(page: str, report: dict[str, Any]) -> None:
    categories, audits = report["categories"], report["audits"]
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}
    columns = "  ".join(f"{score:{len(name)}}" for name, score in scores.items())
    requests = audits["network-requests"]["details"]["items"]
    size = sum(item.get("transferSize", 0) for item in requests)
    print(f"{page:34}{columns}  {len(requests):8}{size:8}", flush=True)
    for name in CATEGORIES:
        if scores[name] == 100:
            continue
        for reference in categories[name]["auditRefs"]:
            one = audits[reference["id"]]
            if reference["weight"] and one["score"] is not None and one["score"] < 0.9:
                print(f"    {name}: {one['title']} {one.get('displayValue', '')}", flush=True)


if __name__ == "__main__":
    main()
