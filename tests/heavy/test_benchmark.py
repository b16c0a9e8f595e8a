"""The mailbox benchmark at its small size finishes, and has every figure."""

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.documents import copy_of_project
from tests.generate import TEMPLATE

PEERS = ["hq 1.8.3", "community 1.12.3"]
OF_EVERY_SIDE = {
    "notify one",
    "one, inside a transaction",
    "list of 500",
    "queryset of 500",
    "count and newest 10",
    "after 5,000 dismissed",
    "with 5,000 unread",
}
OF_THEMIS = OF_EVERY_SIDE | {
    "one, with deduplicate",
    "the same, inside a transaction",
    "500, half of them duplicates",
    "queryset of 5,000",
    "5,000, half of them duplicates",
    "queryset of 10,000",
    "10,000, half of them duplicates",
    "list, what is rare among 5,000",
    "clean-up, rows a second",
    "longest write beside it, ms",
}
SIZES = {"index bytes a row", "bytes of a row itself"}


@pytest.fixture(scope="module")
def output(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    program = ["python", TEMPLATE / "benchmarks/mailbox.py", "--small"]
    files = ["--json", folder / "figures.json", "--chart", folder / "chart.svg"]
    subprocess.run(
        [uv, "run", "--quiet", "--group", "postgres", *program, *files],
        cwd=copy_of_project(project, folder / "project"),
        env={k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"} | {"UV": uv},
        check=True,
    )
    return folder


def test_every_side_has_its_figures(output: Path) -> None:
    figures: dict[str, Any] = json.loads((output / "figures.json").read_text())
    assert list(figures) == ["postgresql", "sqlite"]
    for database, sizes in ("postgresql", SIZES), ("sqlite", set()):
        sides = figures[database]
        assert set(sides["themis"]) == OF_THEMIS | sizes
        for peer in PEERS:
            assert set(sides[peer]) == OF_EVERY_SIDE | sizes
    partitions = figures["postgresql"]["partitions"]
    assert set(partitions) == OF_THEMIS | SIZES | {"split, rows a second"}
    for sides in figures.values():
        for side in sides.values():
            for name, figure in side.items():
                assert figure.keys() in ({"value"}, {"floor", "seconds"}), name
                assert all(value > 0 for value in figure.values()), name


def test_chart_has_a_bar_for_each_ratio(output: Path) -> None:
    figures = json.loads((output / "figures.json").read_text())
    chart = ET.parse(output / "chart.svg").getroot()
    bars = sum(
        "floor" in figure
        for sides in figures.values()
        for side, rows in sides.items()
        if side != "partitions"
        for figure in rows.values()
    )
    rectangles = chart.findall("{http://www.w3.org/2000/svg}rect")
    assert len(rectangles) == bars + 3  # and the legend
