"""Tasks as a file for spreadsheets."""

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from themis.models import in_batches

if TYPE_CHECKING:
    from tracker.models import Task

FORMULA_STARTS = ("=", "+", "-", "@")
# Letters and symbols that are blank: Hangul's and Braille's.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def as_csv(tasks: "QuerySet[Task]") -> str:
    """Return the tasks as CSV with a header, with dates in ISO 8601 (RFC 4180).

    The header and the statuses are in the active language. Every cell is quoted,
    because spreadsheets in some languages use semicolons as separators.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(
        [
            _("Number"),
            _("Title"),
            _("Status"),
            _("Assignee"),
            _("Due date"),
            _("Due time"),
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
                task.due_time.isoformat("minutes") if task.due_time else "",
                _as_text(task.description),
            ]
        )
    return file.getvalue()


def _as_text(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula (OWASP, CSV injection).

    That holds whichever separator the spreadsheet splits cells at.
    """
    text = "".join(map(_as_part, re.split(r"(?<=[;,\t\r\n|])", cell)))
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) else text


def _as_part(text: str) -> str:
    first = next((char for char in text if not _is_skipped(char)), "")
    is_formula = unicodedata.normalize("NFKC", first).startswith(FORMULA_STARTS)
    return f"'{text}" if is_formula else text


def _is_skipped(char: str) -> bool:
    """Return whether a spreadsheet may skip it: blank, invisible, or a quote."""
    return char in BLANK or char == '"' or unicodedata.category(char)[0] in "CZM"
