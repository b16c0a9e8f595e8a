"""Themis' mailbox against django-notifications-hq, the best-known peer.

    make benchmark

runs this in a generated project. Every figure is also given as a multiple of a floor that is
measured in the same process: the least that the same database, or a bare Django view,
needs for the same result. The two applications run one after the other, on databases of
their own with the same rows: one user with 50,000 old read and 2,000 unread notifications,
1,000 users with 100 each. The peer runs on Django 5.0, the newest that it imports on.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PEER = ("django<5.1", "django-notifications-hq==1.8.3", "setuptools<81")
USERS, ROWS, READ, UNREAD = 1_000, 100, 50_000, 2_000
MANY = 10_000


def main() -> None:
    sides = {side: run(side) for side in ("themis", "peer")}
    print(f"{'':20}{'themis':>22}{'peer':>22}{'peer : themis':>16}")
    for name in sides["themis"]:
        row = f"{name:20}"
        for side in sides.values():
            floor, figure = side[name]
            row += f"{figure * 1e3:9.2f} ms{figure / floor:6.1f} x f"
        print(f"{row}{sides['peer'][name][1] / sides['themis'][name][1]:16.1f}")
    print("x f: times the floor of the same database, for the same rows of the same table.")


def run(side: str) -> dict[str, tuple[float, float]]:
    settings = {"themis": "config.settings", "peer": "peer"}[side]
    command = [sys.executable]
    if side == "peer":
        packages = [word for package in PEER for word in ("--with", package)]
        uv = os.environ.get("UV", "uv")
        command = [uv, "run", "--no-project", "--quiet", *packages, "python"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DEBUG": "False",
            "SECRET_KEY": "only-for-this-benchmark",
            "ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": f"sqlite:///{folder}/{side}.sqlite3",
            "PYTHONPATH": f"{Path.cwd()}:{Path(__file__).parent}",
        }
        run = subprocess.run(
            [*command, "-W", "ignore", __file__, side],
            env=environment,
            capture_output=True,  # each request is logged, as in production
            text=True,
        )
    if run.returncode:
        sys.exit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])


def seconds(function: Callable[[], object], repeat: int) -> float:
    """The median of `repeat` calls, after one that warms up."""
    function()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(side: str) -> dict[str, tuple[float, float]]:
    import django

    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpRequest, JsonResponse
    from django.test import Client
    from django.urls import path, reverse

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
    call_command("migrate", verbosity=0)
    users = get_user_model().objects
    users.bulk_create(users.model(username=f"user{n}") for n in range(MANY))
    user = users.create_user("ada")

    if side == "themis":
        from themis.models import UserNotification as Row
        from themis.notifications import notify_user, notify_users
        from themis.notifications.bell import Bell

        owner, values = "user", {"title": "Hello"}
        poll = reverse("themis:notification-poll")
        calls = {
            "notify one": lambda: notify_user(user, "Hello"),
            "notify 10,000": lambda: notify_users(users.all(), "Hello"),
            "count and newest 10": lambda: (bell := Bell(user), bell.unread, bell.newest),
        }
    else:
        from notifications.models import Notification as Row
        from notifications.signals import notify

        owner, values = "recipient", {"actor": user, "verb": "Hello"}
        poll = reverse("notifications:live_unread_notification_list")
        everyone = users.all()
        calls = {
            "notify one": lambda: notify.send(user, recipient=user, verb="Hello"),
            "notify 10,000": lambda: notify.send(user, recipient=everyone.all(), verb="Hello"),
            "count and newest 10": lambda: (
                user.notifications.unread().count(),
                list(user.notifications.unread()[:10]),
            ),
        }

    def fill(rows: object) -> None:
        Row.objects.bulk_create(rows, batch_size=5_000)

    read = {"read_at": django.utils.timezone.now()} if side == "themis" else {"unread": False}
    fill(Row(**{owner: user}, **values) for _ in range(UNREAD))
    fill(Row(**{owner: user}, **values, **read) for _ in range(READ))
    some = list(users.all()[:USERS])
    fill(Row(**{owner: one}, **values, **read) for one in some for _ in range(ROWS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    table = connection.ops.quote_name(Row._meta.db_table)
    columns = ", ".join(
        connection.ops.quote_name(f.column) for f in Row._meta.concrete_fields if f.name != "id"
    )
    person = connection.ops.quote_name(users.model._meta.db_table)
    recipient = Row._meta.get_field(owner).column
    copied = columns.replace(f'"{recipient}"', f"{person}.id")

    def sql(text: str) -> Callable[[], None]:
        def execute() -> None:
            with connection.cursor() as cursor:
                cursor.execute(text)
                if cursor.description:
                    cursor.fetchall()

        return execute

    one_row = f"(SELECT * FROM {table} WHERE id = 1) AS sample"
    floors = {
        "notify one": sql(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {one_row}"),
        "notify 10,000": sql(
            f"INSERT INTO {table} ({columns}) SELECT {copied} FROM {person}, {one_row}"
        ),
        "count and newest 10": sql(
            f"SELECT *, (SELECT count(*) FROM (SELECT id FROM {table} LIMIT 100)) "
            f"FROM {table} ORDER BY id DESC LIMIT 10"
        ),
    }
    repeats = {"notify one": 300, "notify 10,000": 5}
    figures = {}
    for name in calls:
        repeat = repeats.get(name, 100)
        figures[name] = (seconds(floors[name], repeat), seconds(calls[name], repeat))

    from django.conf import settings

    urls = __import__(settings.ROOT_URLCONF, fromlist=["urlpatterns"]).urlpatterns

    def bare(request: HttpRequest) -> JsonResponse:
        return JsonResponse({"user": request.user.pk})

    urls.append(path("bare/", bare))
    client = Client(headers={"X-Forwarded-Proto": "https"})
    client.force_login(user)
    figures["poll (in process)"] = (
        seconds(lambda: client.get("/bare/", secure=True), 200),
        seconds(lambda: client.get(poll, secure=True), 200),
    )
    return figures


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
