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
    Task.objects.update(title=title, due_date="2026-03-09", due_time="17:00")

    header, row = rows()

    assert len(header) == len(row)
    assert {str(task.pk), title, "milan", "2026-03-09", "17:00"} <= set(row)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "﹢1"]
BEFORE = ["", " ", "\t", "\r\n", "\u200b", "\ufeff", "\u00a0", "\u2800", '"']


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("separator", ["", "x;", "x,", "x\t", "x\n", "x\r", 'x";"'])
def test_no_cell_is_a_formula(task: Task, delimiter: str, separator: str) -> None:
    """Whichever separator the spreadsheet uses."""
    task.project.tasks.bulk_create(
        Task(project=task.project, title=text)
        for before in BEFORE
        for formula in FORMULAS
        if (text := f"{separator}{before}{formula}")
    )
    file = io.StringIO(as_csv(Task.objects.all()), newline="")
    cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]

    assert len(cells) > len(BEFORE) * len(FORMULAS)
    blank = "".join(BEFORE)
    assert not [each for each in cells if each.strip(blank).startswith((*FORMULAS,))]


def test_harmless_text_stays_as_it_is(task: Task) -> None:
    title = "A - B; C+D, e@f.example = 'x'"
    Task.objects.update(title=title)

    assert title in rows()[1]


def test_every_cell_is_quoted(task: Task) -> None:
    assert all(
        line[0] == line[-1] == '"' for line in as_csv(Task.objects.all()).splitlines()
    )
