"""Tasks as a file for spreadsheets."""

import csv
import io
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from themis.models import in_batches

if TYPE_CHECKING:
    from tracker.models import Task

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_csv(tasks: "QuerySet[Task]") -> str:
    """Return the tasks as CSV with a header, with dates in ISO 8601 (RFC 4180).

    The header and the statuses are in the active language.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(
        [
            _("Number"),
            _("Title"),
            _("Status"),
            _("Assignee"),
            _("Due date"),
            _("Description"),
        ]
    )
    for task in in_batches(tasks):
        writer.writerow(
            [
                task.pk,
                _as_text(task.title),
                task.get_status_display(),
                _as_text(str(task.assignee or "")),
                task.due_date.isoformat() if task.due_date else "",
                _as_text(task.description),
            ]
        )
    return file.getvalue()


def _as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA_STARTS) else cell
