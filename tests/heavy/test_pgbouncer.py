"""A real PgBouncer in transaction mode, between the application and its database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import copy_of_project
from tests.heavy.processes import free_port, missing, postgres, wait_until

CONFIGURATION = """\
[databases]
postgres = host={sockets} user=postgres pool_size=2
* = host={sockets} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
logfile = {folder}/pgbouncer.log
"""
# As docs/deploy.md says.
FOR_PGBOUNCER = "?DISABLE_SERVER_SIDE_CURSORS=True"
# Without the startup options that PgBouncer refuses, but with server-side cursors.
WITH_CURSORS = "?statement_timeout=0&lock_timeout=0&idle_in_transaction_session_timeout=0"
# More rows than a chunk: the second FETCH may reach another connection of the database.
READ_IN_CHUNKS = """
import threading
from django.contrib.contenttypes.models import ContentType
from django.db import connection
def read():
    for _ in range(50):
        list(ContentType.objects.iterator(chunk_size=2))
    connection.close()
failed = []
threading.excepthook = lambda args: failed.append(args.exc_value)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("failed" if failed else "read")
"""


@pytest.fixture(scope="module")
def url(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("pgbouncer") is None:
        missing("pgbouncer")
    folder = tmp_path_factory.mktemp("pgbouncer")
    folder.chmod(0o777)
    port = free_port()
    with postgres(project) as direct:
        sockets = Path(direct.partition("@/")[2]).parent
        sockets.chmod(0o755)
        file = folder / "pgbouncer.ini"
        text = CONFIGURATION.format(sockets=sockets, port=port, folder=folder)
        file.write_text(text)
        as_user = ["-u", "postgres"] if os.geteuid() == 0 else []
        with subprocess.Popen(["pgbouncer", "--quiet", *as_user, file]) as process:
            log = folder / "pgbouncer.log"
            wait_until(lambda: log.exists() and "process up" in log.read_text(), 20, "it is up")
            try:
                yield f"postgres://postgres@127.0.0.1:{port}/postgres"
            finally:
                process.terminate()


def manage(project: Path, url: str, *arguments: str, **environment: str) -> tuple[int, str]:
    run = subprocess.run(
        [project / ".venv/bin/python", "manage.py", *arguments],
        cwd=project,
        env={**os.environ, "DATABASE_URL": url, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def test_migrates(project: Path, url: str) -> None:
    code, printed = manage(project, url + FOR_PGBOUNCER, "migrations", "apply")
    assert code == 0, printed
    assert "Applying themis.0001_initial" in printed


def test_pgbouncer_refuses_options_of_the_connection(project: Path, url: str) -> None:
    """Otherwise the test above would prove nothing."""
    code, printed = manage(
        project, url + FOR_PGBOUNCER, "migrate", "--check", PGOPTIONS="-c lock_timeout=5s"
    )
    assert code != 0
    assert "unsupported startup parameter" in printed


def test_reads_in_chunks(project: Path, url: str) -> None:
    assert manage(project, url + FOR_PGBOUNCER, "migrations", "apply")[0] == 0
    printed = manage(project, url + FOR_PGBOUNCER, "shell", "-v0", "-c", READ_IN_CHUNKS)[1]
    assert printed.strip() == "read"


def test_cursors_of_the_server_fail(project: Path, url: str) -> None:
    """Otherwise the test above would prove nothing."""
    assert manage(project, url + FOR_PGBOUNCER, "migrations", "apply")[0] == 0
    printed = manage(project, url + WITH_CURSORS, "shell", "-v0", "-c", READ_IN_CHUNKS)[1]
    assert printed.strip() == "failed"


# Tests of the mailbox, except those that name an index: those of the partitions have other names.
MAILBOX = (
    "(notif or exactness or verbs or mailbox or bell or race or plans or kinds or partitions)"
    " and not test_index_of"
)


def test_mailbox_works_on_partitions(project: Path, url: str, tmp_path: Path) -> None:
    """Themis' own tests, including races of processes, as docs/scaling.md promises."""
    copy = copy_of_project(project, tmp_path / "project")
    settings = copy / "themis/tests/settings.py"
    without = settings.read_text()
    with_partitions = without.replace('"themis",\n', '"themis",\n    "themis.partitions",\n')
    assert with_partitions != without
    settings.write_text(with_partitions)
    # PgBouncer keeps connections to the test databases, so they cannot be dropped.
    options = ["-q", "-m", "", "-n", "2", "--reuse-db", "-k", MAILBOX]
    run = subprocess.run(
        [copy / ".venv/bin/python", "-m", "pytest", "themis", *options],
        cwd=copy,
        env={**os.environ, "DATABASE_URL": url + FOR_PGBOUNCER},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:]
    assert int(re.findall(r"(\d+) passed", run.stdout)[0]) > 200
