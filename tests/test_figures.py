"""The figures in README.md are those that `make benchmark` wrote."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIDES = ("themis", "hq 1.8.3", "community 1.12.3")
UNITS = {"ms": 1e3, "B": 1.0}


def test_readme_matches_the_benchmark() -> None:
    figures = json.loads((ROOT / "docs" / "benchmark.json").read_text())
    database, checked = "", 0
    for line in (ROOT / "README.md").read_text().splitlines():
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        database = {"PostgreSQL": "postgresql", "**SQLite**": "sqlite"}.get(name, database)
        if not database or name not in figures[database]["themis"]:
            continue
        for side, cell in zip(SIDES, cells, strict=True):
            figure = figures[database][side].get(name)
            if figure is None:
                assert not re.search(r"\d", cell), (name, side)
                continue
            match = re.fullmatch(r"([\d,]+(?:\.(\d+))?) (ms|B)", cell)
            assert match, (name, cell)
            measured = figure.get("value", figure.get("seconds", 0)) * UNITS[match[3]]
            digits = len(match[2] or "")
            assert float(match[1].replace(",", "")) == round(measured, digits), (name, side)
            checked += 1
    assert checked > 20


def test_readme_compares_with_the_fastest_peer() -> None:
    figures = json.loads((ROOT / "docs" / "benchmark.json").read_text())["postgresql"]

    def times(name: str) -> float:
        """Return how many times as long as Themis the fastest peer takes."""
        theirs = [figures[side][name]["seconds"] for side in SIDES[1:]]
        return min(theirs) / figures["themis"][name]["seconds"]

    text = (ROOT / "README.md").read_text()
    assert re.findall(r"([\d.]+)\s+times\s+as\s+fast", text) == [
        f"{times('notify one'):.1f}",
        f"{times('list of 10,000'):.1f}",
        f"{times('after 100,000 dismissed'):.0f}",
        f"{1 / times('count and newest 10'):.1f}",
    ]
