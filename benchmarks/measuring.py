"""Measure one side on one database: fill the table, measure, print the figures as JSON.

`mailbox.py` runs this with the packages of that side.
"""

import json
import os
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from importlib import import_module

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from sides import POSTGRES, Peer, Side, Themis, User, execute, tidy_up  # noqa: E402

SIZES = ("index bytes a row", "bytes of a row itself")
# Of a table with its partitions. The primary key's index is not counted: any table needs it.
SIZE = """
WITH tables AS (
    SELECT %s::regclass AS id
    UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass
)
SELECT
    (
        SELECT sum(pg_relation_size(indexrelid)) FROM pg_index, tables
        WHERE indrelid = tables.id AND NOT indisprimary
    ),
    (SELECT sum(pg_table_size(tables.id)) FROM tables)"""
Figures = dict[str, dict[str, float]]


def measure(side: Side) -> Figures:
    figures: Figures = {}
    for name, floor, work, repeat in side.works():
        if sys.stderr.isatty():
            print(f"\r\033[K{name} …", end="", file=sys.stderr, flush=True)
        if repeat > 0:
            figures[name] = medians(side, floor, work, repeat)
        else:
            with transaction.atomic():
                figures[name] = medians(side, floor, work, -repeat)
    if POSTGRES:
        execute(f"REINDEX TABLE {side.table}")  # earlier measurements made it grow
        for name, size in zip(SIZES, execute(SIZE, [side.table] * 2)[0], strict=True):
            figures[name] = {"value": float(size) / side.model().objects.count()}
    return figures


def medians(
    side: Side, floor: Callable[[], object], work: Callable[[], object], repeat: int
) -> dict[str, float]:
    """Measure both alternately. Delete the rows of large calls in between."""
    times: dict[str, list[float]] = {"floor": [], "seconds": []}
    warm_ups = 1 if repeat > 1 else 0
    for number in range(-warm_ups, repeat):
        for name, call in (("floor", floor), ("seconds", work)):
            [[newest]] = execute(f"SELECT max(id) FROM {side.table}")
            start = time.perf_counter()
            call()
            if number >= 0:
                times[name].append(time.perf_counter() - start)
            if repeat < 10:
                execute(f"DELETE FROM {side.table} WHERE id > %s", [newest])
                tidy_up(side.table)
    return {name: statistics.median(values) for name, values in times.items()}


def split(side: Side) -> Figures:
    """Divide the table into partitions, as the optional migration does."""
    migration = import_module("themis.partitions.migrations.0001_split_the_mailbox")
    rows, start = side.model().objects.count(), time.perf_counter()
    with connection.schema_editor() as editor:
        migration.split(None, editor)
    return {"split, rows a second": {"value": rows / (time.perf_counter() - start)}}


def clean_up(side: Themis) -> Figures:
    """Delete half of the rows while another process writes."""
    writer = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, "writer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdout.readline()
    old = timezone.now() - timedelta(days=100)
    rows = side.model().objects.exclude(read_at=None)
    writer.stdin.write("start\n")
    rows.update(created_at=old)
    writer.stdin.flush()
    count, start = side.model().objects.count(), time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        call_command("cleanup_notifications", stdout=nowhere)
    took = time.perf_counter() - start
    deleted = count - side.model().objects.count()
    longest = float(writer.communicate()[0])
    return {
        "clean-up, rows a second": {"value": deleted / took},
        "longest write beside it, ms": {"value": longest * 1e3},
    }


def write() -> None:
    """Notify until the input ends. Print the longest time that a call took."""
    from themis.notifications import notify_user

    user, longest = User.objects.order_by("-pk")[0], 0.0
    print("ready", flush=True)
    sys.stdin.readline()
    while not select.select([sys.stdin], [], [], 0)[0]:  # the end of the input
        start = time.perf_counter()
        notify_user(user, "Beside the clean-up")
        longest = max(longest, time.perf_counter() - start)
        time.sleep(0.002)
    print(longest)


if __name__ == "__main__":
    if sys.argv[1] == "writer":
        write()
    else:
        with closing(connection):
            is_peer = sys.argv[1] not in ("themis", "partitions")
            side = Peer() if is_peer else Themis()
            figures = split(side) if sys.argv[1] == "partitions" else {}
            figures |= measure(side)
            if isinstance(side, Themis):
                figures |= clean_up(side)
        print(json.dumps(figures))
