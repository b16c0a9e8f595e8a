"""A new version takes over while people work, as in the production manifests.

The pods are processes, and this file plays Kubernetes' part: it starts, probes and stops them
with the numbers in the manifests. The new version has a migration.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.heavy.processes import (
    Load,
    Manifests,
    Service,
    free_port,
    manage,
    missing,
    postgres,
    status,
    wait_until,
)

HOST = "team-tracker.example.com"
FROM_THE_INGRESS = {"Host": HOST, "X-Forwarded-Proto": "https"}
ENDPOINTS_DELAY = 1.5  # seconds until every proxy knows that a pod is stopping
NEW_FIELD = "    estimate = models.PositiveIntegerField(null=True, blank=True)\n\n"
SLOW_MIGRATION = '        migrations.RunSQL("SELECT pg_sleep(6)", migrations.RunSQL.noop),\n'


class Version:
    """A version of the project, run as in the manifests."""

    def __init__(self, folder: Path, python: Path, manifests: Manifests) -> None:
        self.folder = folder
        self.python = python
        self.manifests = manifests
        self.secrets = folder.parent / "credentials"
        self.environment = {
            **{
                key: value.replace("/run/secrets/credentials", str(self.secrets))
                for key, value in manifests.settings().items()
            },
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",  # as in the image
            "THEMIS_API_REQUESTS_PER_MINUTE": "0",  # or the load would hit it
            "TMPDIR": str(folder.parent),
        }

    def start(
        self, kind: str, name: str, container: str = "app", **environment: str
    ) -> subprocess.Popen[bytes]:
        pod = self.manifests.pod(kind, name)
        both = [*pod.get("initContainers", []), *pod["containers"]]
        [found] = [one for one in both if one["name"] == container]
        program, *arguments = found["args"]
        command = [self.python] if program == "python" else [self.python, "-m", program]
        variables = {one["name"]: one["value"] for one in found.get("env", [])}
        with self.log(name).open("a") as output:
            return subprocess.Popen(
                [*command, *arguments],
                cwd=self.folder,
                env={**self.environment, **variables, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def log(self, name: str) -> Path:
        return self.folder.parent / f"{self.folder.name}-{name}.log"

    def run(self, *arguments: str) -> str:
        return manage(self.python, self.folder, self.environment, *arguments)

    def migrate(self) -> int:
        """Run the migration Job, which retries what a retry can fix. Return the failures."""
        attempts = self.manifests.named("Job", "migrate")["spec"]["backoffLimit"] + 1
        for failures in range(attempts):
            if (code := self.start("Job", "migrate").wait(timeout=120)) == 0:
                return failures
            assert code == os.EX_TEMPFAIL, self.log("migrate").read_text()
            time.sleep(1)
        raise AssertionError(f"The migration failed {attempts} times.")


class Pod:
    """A web server, and the kubelet that probes it."""

    def __init__(self, version: Version, service: Service) -> None:
        self.version = version
        self.service = service
        self.port, self.metrics_port = free_port(), free_port()
        self.spec = version.manifests.pod("Deployment", "web")
        self.container = self.spec["containers"][0]
        self.stopping = threading.Event()
        self.ready = threading.Event()
        self.process = version.start(
            *("Deployment", "web"),
            GUNICORN_BIND=f"127.0.0.1:{self.port}",
            METRICS_PORT=str(self.metrics_port),
        )
        self.prober = threading.Thread(target=self._probe)
        self.prober.start()

    def stop(self) -> float:
        """Stop as Kubernetes stops a pod. Return the seconds that it took."""
        started = time.monotonic()
        self.stopping.set()
        leave = threading.Timer(ENDPOINTS_DELAY, self._leave)
        leave.start()
        time.sleep(self.container["lifecycle"]["preStop"]["sleep"]["seconds"])
        self.process.send_signal(signal.SIGTERM)
        left = self.spec["terminationGracePeriodSeconds"] - (time.monotonic() - started)
        assert self.process.wait(timeout=left) == 0
        self.prober.join()
        leave.join()
        return time.monotonic() - started

    def kill(self) -> None:
        self.stopping.set()
        self.process.kill()
        self.process.wait()
        self.prober.join()

    def _leave(self) -> None:
        self.service.ports = [port for port in self.service.ports if port != self.port]

    def _probe(self) -> None:
        startup, readiness = self.container["startupProbe"], self.container["readinessProbe"]
        for _ in range(startup["failureThreshold"]):
            if self._passes(startup) or self.stopping.wait(startup["periodSeconds"]):
                break
        else:
            self.process.kill()
        failures = 0
        while not self.stopping.is_set():
            failures = 0 if self._passes(readiness) else failures + 1
            if not failures and not self.ready.is_set():
                self.ready.set()
                self.service.ports = [*self.service.ports, self.port]
            elif failures == readiness["failureThreshold"] and self.ready.is_set():
                self.ready.clear()
                self._leave()
            self.stopping.wait(readiness["periodSeconds"])

    def _passes(self, probe: Any) -> bool:
        port = {"http": self.port, "metrics": self.metrics_port}[probe["httpGet"]["port"]]
        path, timeout = probe["httpGet"]["path"], probe.get("timeoutSeconds", 1)
        return status(port, path, timeout=timeout) == 200


class Cluster:
    """A Deployment of web servers behind a Service."""

    def __init__(self, manifests: Manifests) -> None:
        self.service = Service()
        self.pods: list[Pod] = []
        self.ready: list[float] = []  # when each pod became ready
        scaler = manifests.named("HorizontalPodAutoscaler", "web")
        self.replicas = scaler["spec"]["minReplicas"]
        rolling = manifests.named("Deployment", "web")["spec"]["strategy"]["rollingUpdate"]
        assert rolling == {"maxUnavailable": 0, "maxSurge": 1}

    def roll_out(self, version: Version) -> list[float]:
        """Replace the pods one by one. Return how long each old one took to stop."""
        old, self.pods, stopped = self.pods, list(self.pods), []
        for _ in range(self.replicas):
            pod = Pod(version, self.service)
            self.pods.append(pod)
            wait_until(pod.ready.is_set, 120, "a new pod is ready")
            self.ready.append(time.monotonic())
            if old:
                self.pods.remove(old[0])
                stopped.append(old.pop(0).stop())
        return stopped

    def close(self) -> None:
        for pod in self.pods:
            pod.kill()
        self.service.close()


class MigrationJob(threading.Thread):
    def __init__(self, version: Version) -> None:
        super().__init__()
        self.version = version
        self.done = 0.0

    def run(self) -> None:
        self.version.migrate()
        self.done = time.monotonic()


class Posts(Load):
    """Requests that write: each sends a notification with an API key."""

    def __init__(self, port: int, key: str) -> None:
        super().__init__(port, "", {}, threads=2)
        self._port = port
        self._headers = {
            **FROM_THE_INGRESS,
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
        }
        self._ask = self._post

    def _post(self) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            body = json.dumps({"title": "Deployed"})
            headers = {**self._headers, "Connection": "close"}
            connection.request("POST", "/api/v1/notifications", body, headers)
            response = connection.getresponse()
            answer = response.read()
            return (200, answer) if response.status == 201 else (response.status, answer)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def versions(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Version]]:
    """The project with a migrated database, and a version with one more column."""
    if shutil.which("kubectl") is None:
        missing("kubectl")
    folder = tmp_path_factory.mktemp("versions")
    manifests = Manifests(project, "production")
    versions = []
    for name in ("old", "new"):
        copy = shutil.copytree(
            project, folder / name, ignore=shutil.ignore_patterns(".venv", ".env", ".git")
        )
        versions.append(Version(copy, project / ".venv/bin/python", manifests))
    with postgres(project) as url:
        secrets = folder / "credentials"
        secrets.mkdir()
        for name, value in {
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "DATABASE_URL": url,
            "CELERY_BROKER_URL": "",
            "CACHE_URL": "locmemcache://",
            "EMAIL_URL": "consolemail://",
            "THEMIS_HEALTH_TOKEN": "",
        }.items():
            (secrets / name).write_text(value)
        old, new = versions
        for version in versions:
            version.run("collectstatic", "--no-input")
        models = new.folder / "tracker/models/task.py"
        text = models.read_text()
        manager = "    objects = TaskQuerySet.as_manager()\n"
        assert manager in text
        models.write_text(text.replace(manager, NEW_FIELD + manager))
        new.run("makemigrations", "tracker", "--name", "estimate")
        [migration] = (new.folder / "tracker/migrations").glob("*_estimate.py")
        text = migration.read_text()
        migration.write_text(text.replace("operations = [\n", f"operations = [\n{SLOW_MIGRATION}"))
        old.migrate()
        yield versions


def count(version: Version) -> int:
    counting = "from themis.models import UserNotification as N; print(N.objects.count())"
    return int(version.run("shell", "-v0", "-c", counting))


def test_no_request_is_lost(versions: list[Version]) -> None:
    old, new = versions
    user = "from accounts.models import User; User.objects.create_user('ada')"
    old.run("shell", "-v0", "-c", user)
    key = old.run("api_keys", "issue", "ada", "rollout", "--scope", "notifications:send")
    cluster = Cluster(old.manifests)
    try:
        cluster.roll_out(old)
        before = count(old)
        reads = Load(cluster.service.port, "/accounts/login/", FROM_THE_INGRESS, threads=2)
        writes = Posts(cluster.service.port, key)
        with reads, writes:
            time.sleep(2)
            # `kubectl apply` starts both at once.
            applied = time.monotonic()
            job = MigrationJob(new)
            job.start()
            stopped = cluster.roll_out(new)
            rolled_out = time.monotonic() - applied
            first_new = cluster.ready[cluster.replicas]
            # The new version is bad: roll back to the old one, on the migrated database.
            stopped += cluster.roll_out(old)
            time.sleep(2)
        failures = reads.failures + writes.failures
        print(
            f"Migrated after {job.done - applied:.0f} s, rolled out after {rolled_out:.0f} s; "
            f"pods stopped within {max(stopped):.1f} s; "
            f"{reads.answered + writes.answered} requests answered, {len(failures)} lost"
        )
        assert failures == []
        # The migration takes six seconds.
        assert min(first_new, job.done) > applied + 6
        assert reads.answered > 100
        assert count(old) - before == writes.answered > 100
    finally:
        cluster.close()


def test_migration_does_not_block_requests(versions: list[Version]) -> None:
    """It waits only seconds for a lock, because every query behind it waits as long."""
    old, new = versions
    *_, last = sorted(path.stem for path in (old.folder / "tracker/migrations").glob("0*.py"))
    new.run("migrate", "tracker", last)
    locking = (
        "import sys\n"
        "from django.db import transaction\n"
        "from tracker.models import Task\n"
        "with transaction.atomic():\n"
        "    Task.objects.count()\n"
        "    print('reading', flush=True)\n"
        "    sys.stdin.read()"
    )
    with subprocess.Popen(
        [old.python, "manage.py", "shell", "-v0", "-c", locking],
        cwd=old.folder,
        env=old.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        assert new.start("Job", "migrate").wait(timeout=60) == os.EX_TEMPFAIL
        reader.communicate()
    assert "canceling statement due to lock timeout" in new.log("migrate").read_text()
    assert new.migrate() == 0


def test_migration_with_a_bug_is_not_retried(versions: list[Version]) -> None:
    old, new = versions
    *_, last = sorted(path.stem for path in (old.folder / "tracker/migrations").glob("0*.py"))
    new.run("migrate", "tracker", last)
    [migration] = (new.folder / "tracker/migrations").glob("*_estimate.py")
    text = migration.read_text()
    migration.write_text(text.replace("SELECT pg_sleep(6)", "SELECT no_such_column"))
    try:
        assert new.start("Job", "migrate").wait(timeout=60) == 1
    finally:
        migration.write_text(text)
    assert new.migrate() == 0


def test_a_cronjob_waits_for_the_migration(versions: list[Version]) -> None:
    old, new = versions
    *_, last = sorted(path.stem for path in (old.folder / "tracker/migrations").glob("0*.py"))
    new.run("migrate", "tracker", last)
    waiting = new.start("CronJob", "check-overdue-tasks", container="wait-for-migrations")
    wait_until(lambda: "Waiting." in new.log("check-overdue-tasks").read_text(), 60, "waits")
    assert waiting.poll() is None
    assert new.migrate() == 0
    assert waiting.wait(timeout=60) == 0
    assert new.start("CronJob", "check-overdue-tasks").wait(timeout=60) == 0
