"""Tasks on a real Redis and PostgreSQL: whatever dies, each is done, and notifies once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.heavy.processes import Manifests, free_port, missing, postgres, wait_until

QUICK_SETTINGS = """
from config.settings import *

from config.celery import DEFAULTS

CELERY_BROKER_TRANSPORT_OPTIONS = DEFAULTS["broker_transport_options"] | {"visibility_timeout": 5}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 1
"""

REPORT = """
from accounts.models import User
from tracker.models import Project, Report
user, _ = User.objects.get_or_create(username="ada")
project = Project.objects.create(name="Rocket", owner=user)
project.members.add(user)
user.notifications.all().delete()
report = Report.objects.create(project=project, requested_by=user)
"""

MANY = """
from accounts.models import User
from tracker.models import Project
owner, _ = User.objects.get_or_create(username="ada")
project = Project.objects.create(name="Everybody", owner=owner)
new = User.objects.bulk_create(User(username=f"user {n}") for n in range(10_000))
project.members.add(owner)
through = Project.members.through
through.objects.bulk_create(through(project=project, user=user) for user in new)
"""

ANNOUNCE = """
from accounts.models import User
from tracker.models import Project
from tracker.tasks import announce_to_team
owner, project = User.objects.get(username="ada"), Project.objects.get(name="Everybody")
announce_to_team.delay(project.pk, "We are live.", owner.pk, "one")
"""

QUEUE_LENGTHS = """
from config.metrics.queue import QueueCollector
print(*(one.samples[0].value for one in QueueCollector().collect()))
"""

OUTCOME = """
from themis.models import UserNotification
from tracker.models import Report
report = Report.objects.latest("id")
told = UserNotification.objects.from_source("tracker", "Report", str(report.pk)).count()
print(report.is_ready, told)
"""

LOCK = """
import sys
from django.db import transaction
from tracker.models import Report
with transaction.atomic():
    Report.objects.select_for_update().get(pk=Report.objects.latest("id").pk)
    print("locked", flush=True)
    sys.stdin.read()
"""

WAITING_FOR_THE_LOCK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
    print(cursor.fetchone()[0])
"""


class Stack:
    """The processes of one project on one machine."""

    def __init__(self, project: Path, folder: Path, database: str) -> None:
        self.project = project
        self.folder = folder
        self.manifests = Manifests(project, "local", secrets=folder / "k8s")
        self.broker_port = free_port()
        (folder / "quick_settings.py").write_text(QUICK_SETTINGS)
        self.environment = {
            **os.environ,
            "ALLOWED_HOSTS": "localhost",
            "CELERY_BROKER_URL": f"redis://:app@127.0.0.1:{self.broker_port}/0",
            "DATABASE_URL": database,
            "DEBUG": "False",
            "PYTHONPATH": str(folder),
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "TMPDIR": str(folder),
        }
        self.python = project / ".venv/bin/python"

    @contextmanager
    def broker(self) -> Iterator[None]:
        """Start a Redis with Valkey's arguments in the manifests."""
        [container] = self.manifests.pod("StatefulSet", "valkey")["containers"]
        acl = self.folder / "acl"
        acl.write_text(self.manifests.secrets["VALKEY_ACL"])
        paths = {"/run/secrets/credentials/VALKEY_ACL": str(acl), "/data": str(self.folder)}
        with subprocess.Popen(
            [
                *("redis-server", "--port", str(self.broker_port), "--bind", "127.0.0.1"),
                *(paths.get(argument, argument) for argument in container["args"]),
            ],
            stdout=subprocess.DEVNULL,
        ) as process:
            try:
                yield
            finally:
                process.terminate()

    def shell(self, code: str, **environment: str) -> str:
        """Return the output of some lines in `manage.py shell`."""
        run = subprocess.run(
            [self.python, "manage.py", "shell", "-v0", "-c", code],
            cwd=self.project,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    @contextmanager
    def worker(self, name: str = "worker", **environment: str) -> Iterator[subprocess.Popen[str]]:
        """Start a worker with its arguments and variables in the manifests."""
        [container] = self.manifests.pod("Deployment", "worker")["containers"]
        log = self.folder / f"{name}.log"
        heartbeat = self.folder / "worker-heartbeat"
        heartbeat.unlink(missing_ok=True)
        with (
            log.open("w") as output,
            subprocess.Popen(
                [self.python, "-m", *container["args"]],
                cwd=self.project,
                env={
                    **self.environment,
                    **{one["name"]: one["value"] for one in container["env"]},
                    **environment,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            ) as process,
        ):
            try:
                wait_until(heartbeat.exists, 60, "a heartbeat")
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    @contextmanager
    def locked_report(self) -> Iterator[None]:
        """Keep a worker in the middle of the report, waiting for a lock on its row."""
        with subprocess.Popen(
            [self.python, "manage.py", "shell", "-v0", "-c", LOCK],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "locked\n"
            yield
            process.communicate()

    def request_report(self) -> None:
        self.shell(REPORT)

    def queue(self) -> None:
        self.shell(
            "from tracker.models import Report\n"
            "from tracker.tasks import build_report\n"
            "build_report.delay(Report.objects.latest('id').pk)"
        )

    def is_done(self) -> bool:
        return self.outcome().startswith("True")

    def outcome(self) -> str:
        return self.shell(OUTCOME)

    def queue_lengths(self) -> str:
        """Return how many tasks wait, and how many a worker has, according to the metrics."""
        return self.shell(QUEUE_LENGTHS)

    def is_in_the_middle(self) -> bool:
        return self.shell(WAITING_FOR_THE_LOCK) != "0"


@pytest.fixture(scope="module")
def stack(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    for tool in ("redis-server", "kubectl"):
        if shutil.which(tool) is None:
            missing(tool)
    folder = tmp_path_factory.mktemp("stack")
    with postgres(project) as database:
        stack = Stack(project, folder, database)
        with stack.broker():
            unmigrated = refusal(stack)
            stack.shell("from django.core.management import call_command; call_command('migrate')")
            (folder / "unmigrated.log").write_text(unmigrated)
            yield stack


def refusal(stack: Stack) -> str:
    """Return the output of a worker that starts before the migration."""
    run = subprocess.run(
        [stack.python, "-m", "celery", "--app", "config", "worker"],
        cwd=stack.project,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return f"{run.returncode}: {run.stderr}"


def test_a_worker_waits_for_the_migration(stack: Stack) -> None:
    code, _, said = (stack.folder / "unmigrated.log").read_text().partition(": ")
    assert code == "1"
    assert "The worker does not start yet." in said
    assert "migrations are not applied." in said


def test_a_task_runs_once(stack: Stack) -> None:
    stack.request_report()
    stack.queue()
    with stack.worker():
        wait_until(stack.is_done, 30, "done")
    assert stack.outcome() == "True 1"
    log = (stack.folder / "worker.log").read_text().splitlines()
    [line] = [line for line in log if "build_report" in line and "succeeded" in line]
    assert json.loads(line)["level"] == "INFO"


def test_the_process_of_a_task_is_killed(stack: Stack) -> None:
    """As the kernel does when memory runs out. The worker gives the task to another process."""
    stack.request_report()
    with stack.worker() as worker:
        with stack.locked_report():
            stack.queue()
            wait_until(stack.is_in_the_middle, 30, "in the middle")
            children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), signal.SIGKILL)
            time.sleep(1)
            assert stack.outcome() == "False 0"
        wait_until(stack.is_done, 60, "done by another process")
    assert stack.outcome() == "True 1"


def test_the_worker_is_killed(stack: Stack) -> None:
    """As when a node loses power. Redis eventually gives the task to another worker."""
    stack.request_report()
    with stack.locked_report():
        with stack.worker("first") as worker:
            stack.queue()
            wait_until(stack.is_in_the_middle, 30, "in the middle")
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        assert stack.outcome() == "False 0"
        quick = {"DJANGO_SETTINGS_MODULE": "quick_settings"}
        with stack.worker("second", **quick):
            wait_until(stack.is_in_the_middle, 90, "given to the second worker")
    with stack.worker("third", **quick):
        wait_until(stack.is_done, 90, "done")
        time.sleep(2)
    assert stack.outcome() == "True 1"


def test_notify_many_users_in_a_task(stack: Stack) -> None:
    stack.shell(MANY)
    told = "from themis.models import UserNotification as N; print(N.objects.count())"
    before = int(stack.shell(told))
    stack.shell(ANNOUNCE)
    with stack.worker("many"):
        started = time.monotonic()
        wait_until(lambda: int(stack.shell(told)) == before + 10_000, 60, "10,000 are told")
        print(f"10,000 users told after {time.monotonic() - started:.1f} s")
        stack.shell(ANNOUNCE)  # as Redis does when it has not heard from the worker for long
        wait_until(lambda: stack.queue_lengths() == "0 0", 30, "the queue is empty")
    assert int(stack.shell(told)) == before + 10_000


def test_stopping_worker_returns_unfinished_tasks(stack: Stack) -> None:
    """The next worker starts it at once, without waiting for Redis' visibility timeout."""
    stack.request_report()
    with (
        stack.locked_report(),
        stack.worker("stopping", DJANGO_SETTINGS_MODULE="quick_settings") as worker,
    ):
        stack.queue()
        wait_until(stack.is_in_the_middle, 30, "in the middle")
        worker.terminate()
        started = time.monotonic()
        worker.wait(timeout=30)
        print(f"Stopped with an unfinished task after {time.monotonic() - started:.1f} s")
        assert stack.queue_lengths() == "1 0"
    with stack.worker("next"):
        wait_until(stack.is_done, 30, "done")
    assert stack.outcome() == "True 1"


def test_probes_distinguish_live_and_dead_workers(stack: Stack) -> None:
    [container] = stack.manifests.pod("Deployment", "worker")["containers"]
    heartbeat = stack.folder / "worker-heartbeat"

    def passes(probe: str) -> bool:
        _python, *arguments = container[f"{probe}Probe"]["exec"]["command"]
        command = [one.replace("/tmp/worker-heartbeat", str(heartbeat)) for one in arguments]
        return subprocess.run([sys.executable, *command], check=False).returncode == 0

    heartbeat.unlink(missing_ok=True)
    assert not passes("startup")
    with stack.worker():
        wait_until(heartbeat.exists, 10, "heartbeat")
    assert passes("startup")
    assert passes("readiness")
    assert passes("liveness")
    past = time.time() - 5 * 60
    os.utime(heartbeat, (past, past))
    assert not passes("readiness")
    assert passes("liveness")
    past = time.time() - 12 * 60
    os.utime(heartbeat, (past, past))
    assert not passes("liveness")


def test_broker_outage_does_not_block_requests(stack: Stack) -> None:
    stack.request_report()
    answer = stack.shell(
        "import time\n"
        "from tracker.tasks import build_report\n"
        "started = time.monotonic()\n"
        "try:\n"
        "    build_report.delay(1)\n"
        "except build_report.OperationalError:\n"
        "    print(time.monotonic() - started < 5)",
        CELERY_BROKER_URL="redis://127.0.0.1:1/0",
    )
    assert answer == "True"
