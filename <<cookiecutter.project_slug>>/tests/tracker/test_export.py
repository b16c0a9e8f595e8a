import csv
import io

import pytest

from tracker.export import as_csv
from tracker.models import Task

pytestmark = pytest.mark.django_db


def rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(Task.objects.all()), newline="")))


def test_csv_reads_back(task: Task) -> None:
    title = 'A "quoted", title\nof two lines'
    Task.objects.update(title=title, due_date="2026-03-09")

    header, row = rows()

    assert len(header) == len(row)
    assert {str(task.pk), title, "milan", "2026-03-09"} <= set(row)


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "\r\n=1+1", "＝1+1"],
)
def test_csv_has_no_formulas(task: Task, title: str) -> None:
    Task.objects.update(title=title)

    assert f"'{title}" in rows()[1]
    assert title not in rows()[1]
