"""Build the image and run it: as its numeric user, on a read-only root."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.heavy.processes import (
    Load,
    Manifests,
    free_port,
    get,
    missing,
    postgres,
    status,
    wait_until,
)

HOST = "team-tracker.example.com"
FROM_THE_INGRESS = {"Host": HOST, "X-Forwarded-Proto": "https"}
SECRET = "a-secret-of-the-developer-that-must-not-get-into-the-image"
CERTIFICATES = Path("/etc/ssl/certs")


class Builder:
    """buildah without a daemon, with separate storage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str | Path) -> str:
        storage = ("--root", self.folder / "storage", "--runroot", self.folder / "run")
        run = subprocess.run(
            ["buildah", *storage, "--storage-driver", "vfs", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"buildah {arguments[0]} failed:\n{run.stdout}"
        return run.stdout.strip()


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    for tool in ("buildah", "debootstrap", "kubectl", "unshare"):
        if shutil.which(tool) is None:
            missing(tool)
    if os.geteuid() != 0:
        missing("root, who may mount,")
    builder = Builder(tmp_path_factory.mktemp("buildah"))
    yield builder
    builder("rm", "--all")
    shutil.rmtree(builder.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def base(builder: Builder) -> str:
    """Debian with Python, in place of a base image from a container registry."""
    root = builder.folder / "debian"
    packages = "--include=ca-certificates,python3,python3-venv"
    subprocess.run(
        ["debootstrap", "--variant=minbase", packages, "bookworm", root],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for leftover in ("usr/share/doc", "usr/share/locale", "usr/share/man", "var/cache/apt"):
        shutil.rmtree(root / leftover)
    for listing in (root / "var/lib/apt/lists").iterdir():
        shutil.rmtree(listing) if listing.is_dir() else listing.unlink()
    container = builder("from", "scratch")
    builder("add", "--quiet", container, root, "/")
    builder("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container)
    builder("commit", "--quiet", "--rm", container, "localhost/base")
    shutil.rmtree(root)
    return "localhost/base"


def mounts(builder: Builder) -> dict[Path, str]:
    """What this machine needs to reach the package index, without getting into the image."""
    uv, pip = builder.folder / "uv.toml", builder.folder / "pip.conf"
    uv.write_text("native-tls = true\n")
    pip.write_text(f"[global]\ncert = {CERTIFICATES}/ca-certificates.crt\n")
    return {CERTIFICATES: str(CERTIFICATES), uv: "/etc/uv/uv.toml", pip: "/etc/pip.conf"}


@pytest.fixture(scope="module")
def image(builder: Builder, base: str, project: Path) -> str:
    without = shutil.ignore_patterns(".venv")
    context = shutil.copytree(project, builder.folder / "context", ignore=without)
    for secret in (".env", "deploy/k8s/overlays/local/secrets.env", "db.sqlite3-wal"):
        (context / secret).write_text(f"SECRET_KEY={SECRET}\n")
    (context / ".git").mkdir(exist_ok=True)
    started = time.monotonic()
    builder(
        *("build", "--isolation", "chroot", "--format", "docker"),
        *("--build-arg", f"BASE_IMAGE={base}"),
        *("--build-arg", "VERSION=1.2.3", "--build-arg", "REVISION=abcdef"),
        *(f"--volume={outside}:{inside}:ro" for outside, inside in mounts(builder).items()),
        *("--tag", "localhost/app", context),
    )
    print(f"Build: {time.monotonic() - started:.0f} s")
    return "localhost/app"


@pytest.fixture(scope="module")
def without_shell(builder: Builder, base: str, image: str) -> Path:
    """The root of a container whose image has a base without a shell."""
    container = builder("from", base)
    root = Path(builder("mount", container))
    for name in ("sh", "dash", "bash", "rbash"):
        (root / "bin" / name).unlink(missing_ok=True)
    builder("commit", "--quiet", "--rm", container, "localhost/shell-less")
    builder(
        *("build", "--isolation", "chroot", "--format", "docker"),
        *("--build-arg", "BASE_IMAGE=localhost/shell-less", "--build-arg", f"BUILD_IMAGE={base}"),
        *(f"--volume={outside}:{inside}:ro" for outside, inside in mounts(builder).items()),
        *("--tag", "localhost/app-without-shell", builder.folder / "context"),
    )
    return Path(builder("mount", builder("from", "localhost/app-without-shell")))


@pytest.fixture(scope="module")
def config(builder: Builder, image: str) -> Any:
    return json.loads(builder("inspect", "--type", "image", image))["Docker"]["config"]


@pytest.fixture(scope="module")
def root(builder: Builder, image: str) -> Path:
    """The root filesystem of a container of the image."""
    return Path(builder("mount", builder("from", image)))


# Contents of the image


def test_needs_no_shell(without_shell: Path, cluster: "Cluster") -> None:
    """On a base without one, everything that the manifests run starts, including probes."""
    assert not (without_shell / "bin/sh").exists()
    found = {
        f"{kind}/{name}": cluster.manifests.pod(kind, name)["containers"][0]
        for kind, name in [("Job", "migrate"), ("Deployment", "web"), ("Deployment", "worker")]
    }
    commands = [one["args"] for one in found.values()]
    probe = found["Deployment/worker"]["readinessProbe"]["exec"]["command"]
    assert not {"sh", "bash"} & {command[0] for command in [*commands, probe]}
    other = Cluster(without_shell, {"Env": []}, cluster.manifests, cluster.folder)
    other.image, other.secrets, other.sockets = cluster.image, cluster.secrets, cluster.sockets
    code, log = other.run("Job", "migrate")
    assert code == 0, log
    ages = [probe[-1], "1e12"]
    script = "import os; open('/tmp/worker-heartbeat', 'w').close(); os.execvp('python', {!r})"
    for age in ages:
        code, log = other.run(
            "Deployment", "worker", "python", "-c", script.format([*probe[:-1], age])
        )
        assert code == 0, log


def test_runs_as_a_number(config: Any) -> None:
    assert config["User"] == "10001:10001"


def test_has_labels(config: Any) -> None:
    labels = {
        name.removeprefix("org.opencontainers.image."): value
        for name, value in config["Labels"].items()
    }
    assert labels.items() >= {
        ("title", "team-tracker"),
        ("version", "1.2.3"),
        ("revision", "abcdef"),
    }


def test_has_a_health_check(config: Any) -> None:
    assert "http://127.0.0.1:8000/livez" in config["Healthcheck"]["Test"][-1]


def test_is_small(root: Path, builder: Builder) -> None:
    def megabytes(folder: Path) -> float:
        return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6

    total, ours = megabytes(root), megabytes(root / "opt") + megabytes(root / "app")
    print(f"Image: {total:.0f} MB, of which {ours:.0f} MB above the base")
    assert ours < 92


def test_has_the_languages_of_the_site_alone(root: Path) -> None:
    locale = next((root / "opt/venv").glob("lib/python3.*/site-packages/django/conf/locale"))
    assert (locale / "de/formats.py").exists()
    assert (locale / "fr/LC_MESSAGES/django.mo").exists()
    assert not (locale / "ja").exists()
    assert list((root / "opt/venv").rglob("*.po")) == []
    assert (root / "app/themis/locale/de/LC_MESSAGES/django.mo").exists()


def test_has_no_developer_files(root: Path) -> None:
    names = {path.name for path in (root / "app").iterdir()}
    assert {"manage.py", "staticfiles", "themis"} <= names
    assert not names & {"deploy", "docs", "frontend", "tests", "Dockerfile", "compose.yaml"}
    assert not [name for name in names if name.startswith(".") or "sqlite3" in name]


def test_has_no_secret(root: Path, config: Any) -> None:
    for folder in ("app", "opt"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert SECRET.encode() not in path.read_bytes(), path
    assert not [one for one in config["Env"] if "SECRET" in one or "DATABASE" in one]


def test_has_no_compiler_installer_or_cache(root: Path) -> None:
    programs = {
        path.name for folder in ("usr/bin", "opt/venv/bin") for path in (root / folder).iterdir()
    }
    assert not programs & {"cc", "gcc", "make", "uv", "pytest", "ruff", "mypy"}
    assert not (root / "opt/uv").exists()
    assert not (root / "root/.cache").exists()


def test_files_belong_to_root(root: Path) -> None:
    for folder in ("app", "opt/venv"):
        for path in (root / folder).rglob("*"):
            information = path.lstat()
            assert information.st_uid == 0, path
            assert path.is_symlink() or not information.st_mode & 0o022, path


def test_brings_its_byte_code(root: Path, cluster: "Cluster") -> None:
    """It cannot be written at run time, so every start would compile again."""
    assert list((root / "app/tracker/migrations/__pycache__").glob("0001_initial.*.pyc"))
    script = """if True:
        import os, sys
        import config.redis_cache, config.wsgi, gunicorn.workers.gthread
        import celery.apps.worker, kombu.transport.redis
        import django.db.backends.postgresql.base
        for module in list(sys.modules.values()):
            cached = getattr(module, "__cached__", None)
            if cached and cached.startswith(("/app", "/opt")) and not os.path.exists(cached):
                print("compiled at each start:", module.__name__)
        """
    code, log = cluster.run("Deployment", "web", "python", "-c", script)
    assert code == 0, log
    assert "compiled at each start" not in log, log


# Running it


class Cluster:
    """Run the pods of the production manifests from the image's root filesystem."""

    def __init__(self, root: Path, config: Any, manifests: Manifests, folder: Path) -> None:
        self.root = root
        self.manifests = manifests
        self.image = dict(one.split("=", 1) for one in config["Env"])
        self.folder = folder
        self.secrets = folder / "credentials"
        self.sockets: Path | None = None

    def write_secrets(self, **secrets: str) -> None:
        self.secrets.mkdir()
        for name, value in secrets.items():
            (self.secrets / name).write_text(value)
            (self.secrets / name).chmod(0o440)
            os.chown(self.secrets / name, 0, 10001)

    def start(
        self, kind: str, name: str, *arguments: str, **environment: str
    ) -> subprocess.Popen[str]:
        pod = self.manifests.pod(kind, name)
        [container] = pod["containers"]
        variables = {
            **self.image,
            **self.manifests.settings(),
            **{one["name"]: one["value"] for one in container.get("env", [])},
            **environment,
        }
        # Every container runtime provides it, like /dev/shm.
        mounts = ["mount -t proc proc proc", "mount --rbind /dev dev"]
        mounts.append("mount -t tmpfs -o size=64m,mode=1777 tmpfs dev/shm")
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for mount in container["volumeMounts"]:
            path = mount["mountPath"].lstrip("/")
            (self.root / path).mkdir(parents=True, exist_ok=True)
            if "emptyDir" in volumes[mount["name"]]:
                mounts.append(f"mount -t tmpfs -o size=64m,mode=1777 tmpfs {path}")
            else:
                mounts.append(f"mount --bind -o ro {shlex.quote(str(self.secrets))} {path}")
        if self.sockets is not None:
            (self.root / "run/postgresql").mkdir(exist_ok=True)
            mounts.append(f"mount --bind {shlex.quote(str(self.sockets))} run/postgresql")
        user = pod["securityContext"]
        enter = [
            *("setpriv", "--no-new-privs"),
            *("chroot", f"--userspec={user['runAsUser']}:{user['runAsGroup']}"),
            *(f"--groups={user['fsGroup']}", str(self.root)),
            *("env", "--ignore-environment", "--chdir=/app"),
            *(f"{key}={value}" for key, value in variables.items()),
            *(arguments or container["args"]),
        ]
        script = [
            f"mount --bind {shlex.quote(str(self.root))} {shlex.quote(str(self.root))}",
            f"cd {shlex.quote(str(self.root))}",
            *mounts,
            "mount -o remount,bind,ro .",
            f"exec {shlex.join(enter)}",
        ]
        with (self.folder / f"{name}.log").open("a") as log:
            return subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(script)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self, kind: str, name: str, *arguments: str) -> tuple[int, str]:
        """Run the container. Return the exit code and the end of the log."""
        code = self.start(kind, name, *arguments).wait(timeout=120)
        return code, self.log(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()


def sockets_of(url: str) -> Path:
    """The folder of the database's socket, which the pods' user may enter."""
    folder = Path(url.partition("@/")[2]).parent
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def cluster(
    root: Path,
    config: Any,
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    one = Cluster(root, config, Manifests(project, "production"), folder)
    with postgres(project) as url:
        one.sockets = sockets_of(url)
        one.write_secrets(
            SECRET_KEY="0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            DATABASE_URL="postgres://postgres@//run/postgresql/postgres",
            CELERY_BROKER_URL="",
            CACHE_URL="locmemcache://",
            EMAIL_URL="consolemail://",
            THEMIS_HEALTH_TOKEN="",
        )
        yield one


@pytest.fixture(scope="module")
def migrated(cluster: Cluster) -> Cluster:
    for _ in range(2):  # the second run has nothing to do
        code, log = cluster.run("Job", "migrate")
        assert code == 0, log
    return cluster


class Web:
    """A web server in a pod."""

    def __init__(self, cluster: Cluster) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.process = cluster.start(
            *("Deployment", "web"),
            GUNICORN_BIND=f"127.0.0.1:{self.port}",
            METRICS_PORT=str(self.metrics_port),
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture
def web(migrated: Cluster) -> Iterator[Web]:
    started = time.monotonic()
    web = Web(migrated)
    try:
        wait_until(lambda: status(web.port, "/readyz") == 200, 60, "ready")
        print(f"Start to ready: {time.monotonic() - started:.1f} s")
        yield web
    finally:
        web.stop()


def test_migrates_twice(migrated: Cluster) -> None:
    assert "No migrations to apply." in migrated.log("migrate")


def test_is_the_numeric_user_on_a_read_only_root(cluster: Cluster) -> None:
    code, log = cluster.run("Job", "migrate", "sh", "-c", "id; touch /app/file")
    assert code == 1
    assert "uid=10001 gid=10001 groups=10001" in log
    assert "Read-only file system" in log


def test_is_ready_only_when_migrated(cluster: Cluster, project: Path) -> None:
    with postgres(project) as url:
        other = Cluster(cluster.root, {"Env": []}, cluster.manifests, cluster.folder)
        other.image, other.secrets = cluster.image, cluster.secrets
        other.sockets = sockets_of(url)
        web = Web(other)
        try:
            wait_until(lambda: status(web.port, "/livez") == 200, 60, "alive")
            assert status(web.port, "/readyz") == 503
            code, log = other.run("Job", "migrate")
            assert code == 0, log
            wait_until(lambda: status(web.port, "/readyz") == 200, 60, "ready")
        finally:
            web.stop()


def test_answers_probes(web: Web, migrated: Cluster) -> None:
    [container] = migrated.manifests.pod("Deployment", "web")["containers"]
    for probe in ("startup", "liveness", "readiness"):
        get = container[f"{probe}Probe"]["httpGet"]
        port = {"http": web.port, "metrics": web.metrics_port}[get["port"]]
        assert status(port, get["path"]) == 200


def test_serves_a_page_with_its_style(web: Web) -> None:
    code, page = get(web.port, "/accounts/login/", FROM_THE_INGRESS)
    assert code == 200
    [style] = [part for part in page.decode().split('"') if part.endswith(".css")][:1]
    assert get(web.port, style, FROM_THE_INGRESS)[0] == 200


def test_serves_metrics_on_their_own_port_alone(web: Web) -> None:
    get(web.port, "/accounts/login/", FROM_THE_INGRESS)
    code, page = get(web.metrics_port, "/metrics", {})
    assert code == 200
    assert b'http_request_duration_seconds_count{method="GET",route="accounts/login/"' in page
    assert b"themis_notifications_created_total" in page
    assert status(web.metrics_port, "/accounts/login/", HOST) == 404
    assert get(web.port, "/metrics", FROM_THE_INGRESS)[0] == 404


def test_passes_its_own_health_check(web: Web, migrated: Cluster, config: Any) -> None:
    kind, *command = config["Healthcheck"]["Test"]
    assert kind == "CMD"
    command[-1] = command[-1].replace(":8000/", f":{web.port}/")
    code, log = migrated.run("Deployment", "web", *command)
    assert code == 0, log


def test_runs_every_cronjob(migrated: Cluster) -> None:
    names = [
        one["metadata"]["name"] for one in migrated.manifests.objects if one["kind"] == "CronJob"
    ]
    assert "cleanup-notifications" in names
    for name in names:
        code, log = migrated.run("CronJob", name)
        assert code == 0, f"{name}: {log}"


def test_needs_little_memory(web: Web, migrated: Cluster) -> None:
    with Load(web.port, "/accounts/login/", FROM_THE_INGRESS):
        time.sleep(2)
    children = Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children")
    workers = children.read_text().split()
    assert len(workers) == 2
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in workers]
    proportional = [
        int(line.split()[1]) / 1024
        for rollup in rollups
        for line in rollup.splitlines()
        if line.startswith("Pss:")
    ]
    print("Memory of a worker:", ", ".join(f"{one:.0f} MiB" for one in proportional))
    limits = migrated.manifests.pod("Deployment", "web")["containers"][0]["resources"]
    assert limits["limits"]["memory"] == "512Mi"
    assert sum(proportional) < 256


def test_stops_under_load_without_a_failed_request(web: Web, migrated: Cluster) -> None:
    pod = migrated.manifests.pod("Deployment", "web")
    before_the_signal = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    grace = pod["terminationGracePeriodSeconds"] - before_the_signal
    with Load(web.port, "/accounts/login/", FROM_THE_INGRESS) as load:
        time.sleep(1)
        web.process.send_signal(signal.SIGTERM)
        signaled = time.monotonic()
        # The Service drops a pod that has to stop; some proxies take seconds to follow.
        wait_until(lambda: status(web.port, "/readyz") == 503, 5, "draining")
        time.sleep(2)
    code = web.process.wait(timeout=grace)
    print(
        f"Stopped {time.monotonic() - signaled:.1f} s after the signal: "
        f"{load.answered} requests answered, {len(load.failures)} lost"
    )
    assert load.failures == []
    assert load.answered > 50
    assert code == 0
