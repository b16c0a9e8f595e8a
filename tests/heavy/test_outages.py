"""What users notice while a part is down, on real servers: not much, and not for long."""

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.heavy.answers import Answer, ask, fill_in, many
from tests.heavy.mail_server import MailServer
from tests.heavy.parts import Database, Redis, worker
from tests.heavy.processes import missing, postgres, status, wait_until
from tests.heavy.server import HOST, TOKEN, Server, issue, running, session, stopped

STYLES = "/static/site.css"
AT_ONCE = 3  # seconds within which every response comes, whatever is down


@pytest.fixture
def redis() -> Redis:
    if shutil.which("redis-server") is None:
        missing("redis-server")
    return Redis()


@pytest.fixture(scope="module")
def collected(project: Path) -> Path:
    """The project with its static files, which pages refer to."""
    Server(project, "sqlite://:memory:").manage("collectstatic", "--noinput", "-v0")
    return project


@contextmanager
def site(project: Path, **environment: str) -> Iterator[tuple[Server, Database]]:
    """A server with a separate database, which tests may take down."""
    with postgres(project) as url:
        server = Server(project, url)
        server.environment |= environment
        server.manage("migrate", "-v0")
        yield server, Database(url)


def test_a_restart_of_the_database_while_connections_are_idle(collected: Path) -> None:
    with site(collected) as (server, database):
        cookie = session(server)
        with running(server):
            warm = many(server.port, "/notifications/", 40, Cookie=cookie)
            assert {one.status for one in warm} == {200}
            database.stop()
            with database.start() as process:
                answers = many(server.port, "/notifications/", 40, Cookie=cookie)
                process.send_signal(signal.SIGQUIT)
    failed = [one for one in answers if one.status != 200]
    print(f"restart: {len(failed)} of 40 failed, {max(one.seconds for one in answers):.2f} s")
    assert failed == []


def test_no_database(collected: Path) -> None:
    with site(collected) as (server, database):
        cookie, key = session(server), issue(server)
        with running(server):
            many(server.port, "/notifications/", 40, Cookie=cookie)
            database.stop()
            pages = many(server.port, "/notifications/", 40, Cookie=cookie)
            api = ask(server.port, "/api/v1/me", Authorization=f"Bearer {key}")
            others = [
                ask(server.port, path) for path in ("/livez", "/readyz", "/accounts/login/", STYLES)
            ]
            metrics = status(server.metrics_port, "/metrics")
            print(f"down: {max(one.seconds for one in pages):.2f} s")
            time.sleep(10)  # for retries with a growing backoff
            with database.start() as process:
                began = time.monotonic()
                page = wait_until(
                    lambda: (one := ask(server.port, "/", Cookie=cookie)).status == 200 and one,
                    60,
                    "a good page",
                )
                print(f"back: a good page after {time.monotonic() - began:.2f} s")
                assert time.monotonic() - began < 5
                wait_until(lambda: status(server.port, "/readyz") == 200, 5, "it is ready")
                back = many(server.port, "/notifications/", 40, Cookie=cookie)
                process.send_signal(signal.SIGQUIT)
    assert all(one.is_outage() and one.seconds < AT_ONCE for one in pages)
    assert "/static/themis/themis" in pages[0].text  # it is styled
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert api.is_outage()
    assert api.headers["Content-Type"] == "application/problem+json"
    assert [one.status for one in others] == [200, 503, 200, 200]
    assert metrics == 200
    assert page.status == 200
    assert {one.status for one in back} == {200}


TEAM = """
from accounts.models import User
from tracker.models import Project
owner = User.objects.get(username="ada")
project = Project.objects.create(name="Rocket", owner=owner)
project.members.add(owner, User.objects.create_user("bob"))
owner.notifications.model.objects.all().delete()
print(project.pk)
"""
OUTCOME = """
from django.db import connection
from themis.models import UserNotification
from tracker.models import Report
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    )
    print(Report.objects.filter(ready_at=None).count(), cursor.fetchone()[0],
          UserNotification.objects.filter(user__username="bob", title__contains="Rocket").count())
"""


def test_no_broker(collected: Path, redis: Redis) -> None:
    """First it hangs, then it is gone: everything requested is done, or waits."""
    with site(collected, CELERY_BROKER_URL=redis.url) as (server, _), ExitStack() as stack:
        cookie = session(server)
        project = f"/projects/{server.manage('shell', '-v0', '-c', TEAM)}/"
        announcement = {"text": "We are live."}
        process = stack.enter_context(redis.running())
        stack.enter_context(running(server))

        def post(name: str, form: dict[str, str]) -> Answer:
            return fill_in(server.port, project + name, form, on=project, cookie=cookie)

        assert post("reports/", {}).status == 302
        with stopped(process.pid):
            answers = [post("reports/", {}), post("announce/", announcement)]
            hanging = server.manage("shell", "-v0", "-c", OUTCOME).split()
        process.kill()
        process.wait()
        answers += [post("reports/", {}), post("announce/", announcement)]
        gone = server.manage("shell", "-v0", "-c", OUTCOME).split()
    print(f"broker: hanging {answers[0].seconds:.2f} s, gone {answers[2].seconds:.2f} s")
    assert [one.status for one in answers] == [302] * 4
    assert all(one.seconds < AT_ONCE for one in answers)
    assert hanging == ["1", "0", "1"]
    assert gone == ["1", "0", "2"]


def test_no_cache(collected: Path, redis: Redis) -> None:
    """What needs rate limits is closed without them. What only counts keeps working."""
    login, reset = "/accounts/login/", "/accounts/password/reset/"
    closed: list[Answer] = []
    opened: list[Answer] = []
    reports: list[Answer] = []
    limits = {"CACHE_URL": redis.url, "THEMIS_API_REQUESTS_PER_MINUTE": "300"}
    with site(collected, **limits) as (server, _), ExitStack() as stack:
        cookie, key = session(server), issue(server)
        process = stack.enter_context(redis.running())
        stack.enter_context(running(server))

        def ask_everything() -> None:
            password = {"login": "ada", "password": "wrong"}
            closed.append(fill_in(server.port, login, password, on=login))
            email = {"email": "ada@example.com"}
            closed.append(fill_in(server.port, reset, email, on=reset))
            opened.append(ask(server.port, "/notifications/", Cookie=cookie))
            opened.append(ask(server.port, "/api/v1/me", Authorization=f"Bearer {key}"))
            reports.append(ask(server.port, "/healthz/", Authorization=f"Bearer {TOKEN}"))

        wrong = {"login": "ada", "password": "wrong"}
        assert fill_in(server.port, login, wrong, on=login).status == 200
        with stopped(process.pid):
            ask_everything()
        process.kill()
        process.wait()
        ask_everything()
        with redis.running():
            back = fill_in(server.port, login, wrong, on=login)
    slowest = max(one.seconds for one in closed + opened)
    print(f"cache: {slowest:.2f} s, back: {back.status}")
    assert all(one.is_outage() for one in closed)
    assert [one.status for one in opened] == [200] * 4
    assert slowest < AT_ONCE
    assert [one.status for one in reports] == [503, 503]
    assert all('"output": "The cache does not answer."' in one.text for one in reports)
    assert back.status == 200


PEOPLE = """
from accounts.models import User
for name in ("ada", "bob", "eve"):
    User.objects.create_user(name, f"{name}@example.com")
"""
RESET = "/accounts/password/reset/"


def reset_password(server: Server, name: str) -> Answer:
    return fill_in(server.port, RESET, {"email": f"{name}@example.com"}, on=RESET)


@pytest.mark.parametrize("with_broker", [False, True], ids=["alone", "with a broker"])
def test_no_mail_server(collected: Path, redis: Redis, with_broker: bool) -> None:
    """Responses don't wait for it, and don't reveal which addresses are known."""
    mail = MailServer()
    variables = {"EMAIL_URL": mail.url, "CACHE_URL": "locmemcache://"}
    if with_broker:
        variables["CELERY_BROKER_URL"] = redis.url
    with site(collected, **variables) as (server, _), ExitStack() as stack:
        server.manage("shell", "-v0", "-c", PEOPLE)
        if with_broker:
            stack.enter_context(redis.running())
            stack.enter_context(worker(server))
        stack.enter_context(running(server))
        answers = [reset_password(server, "nobody")]  # the first one imports
        with mail.hanging():
            answers += [reset_password(server, name) for name in ("ada", "nobody")]
        answers += [reset_password(server, name) for name in ("bob", "someone")]
        with mail.running():
            answers += [reset_password(server, name) for name in ("eve", "no-one")]
            everybody = {f"{name}@example.com" for name in ("ada", "bob", "eve")}
            wait_until(lambda: set(mail.recipients) == everybody, 60, "all mails are there")
        if not with_broker:  # which digests do not need
            assert_every_digest_comes_once(server, mail)
    seconds = [f"{one.seconds:.2f}" for one in answers]
    print(f"mail: known and unknown in turn {' '.join(seconds[1:])} s")
    assert {(one.status, one.headers["Location"]) for one in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    assert all(one.seconds < AT_ONCE for one in answers)
    assert mail.recipients[:3].count("ada@example.com") == 1
    assert len(mail.recipients[:3]) == 3


READER = """
from accounts.models import User
from allauth.account.models import EmailAddress
from themis.notifications import notify_user
user = User.objects.get(username="{name}")
EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={{"verified": True}})
user.profile.email_danger_at_once = True
user.profile.save()
notify_user(user, "Fire", level="danger")
"""


def assert_every_digest_comes_once(server: Server, mail: MailServer) -> None:
    """With a server that hangs, drops and refuses, and from two commands at once."""
    before = len(mail.messages)

    def read_by(name: str) -> None:
        server.manage("shell", "-v0", "-c", READER.format(name=name))

    read_by("ada")
    failed = "Sent 0 email(s), 1 failed."
    with mail.hanging():
        assert server.manage("send_digests").endswith(failed)
    with mail.running():
        mail.drops = True
        assert server.manage("send_digests").endswith(failed)
        mail.drops = False
        read_by("bob")
        mail.unknown = {"bob@example.com"}
        assert server.manage("send_digests").endswith("Sent 1 email(s), 1 failed.")
        dropped, again = mail.messages[before:]
        assert dropped["Message-ID"] == again["Message-ID"]
        assert again["To"] == "ada@example.com"
        assert again["List-Unsubscribe"].strip().startswith(f"<https://{HOST}/")

        read_by("eve")
        commands = [server.start_command("send_digests") for _ in range(2)]
        assert [command.wait(60) for command in commands] == [0, 0]
    assert [message["To"] for message in mail.messages[before + 2 :]] == ["eve@example.com"]
