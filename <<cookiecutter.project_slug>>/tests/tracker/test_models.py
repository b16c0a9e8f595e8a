import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from tracker import models
from tracker.models import Comment, Project, Report, Status, Task, as_csv

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 9)


def due(project: Project, in_days: int | None, status: str = Status.OPEN) -> Task:
    return Task.objects.create(
        project=project,
        title=f"Due in {in_days}",
        status=status,
        due_date=None if in_days is None else TODAY + timedelta(days=in_days),
    )


def test_overdue_begins_the_day_after(project: Project) -> None:
    yesterday = due(project, -1)
    due(project, 0)

    assert list(Task.objects.overdue(TODAY)) == [yesterday]


def test_done_task_is_not_overdue(project: Project) -> None:
    task = due(project, -1, Status.DONE)

    assert not Task.objects.overdue(TODAY).exists()
    assert not task.is_overdue


def test_task_without_due_date_is_never_overdue(project: Project) -> None:
    task = due(project, None)

    assert not Task.objects.overdue(TODAY).exists()
    assert not task.is_overdue
    assert task.deadline is None


def test_due_soon_is_today_and_tomorrow(project: Project) -> None:
    tasks = [due(project, days) for days in (-1, 0, 1, 2)]

    assert list(Task.objects.due_soon(TODAY).order_by("pk")) == tasks[1:3]


def test_is_overdue_by_the_active_time_zone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 3, 10, 11, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    task = due(project, 1)

    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert task.is_overdue
    with timezone.override(ZoneInfo("Pacific/Pago_Pago")):
        assert not task.is_overdue
        assert task.is_due_soon


def test_deadline_is_midnight_in_the_active_time_zone(project: Project) -> None:
    task = due(project, 0)

    with timezone.override(ZoneInfo("Asia/Kolkata")):
        assert task.deadline == datetime(2026, 3, 9, 18, 30, tzinfo=UTC)


def test_deadline_where_clocks_skip_midnight(project: Project) -> None:
    """In Cairo, 24 April 2026 begins at 01:00."""
    task = Task(project=project, due_date=date(2026, 4, 23))

    with timezone.override(ZoneInfo("Africa/Cairo")):
        assert task.deadline == datetime(2026, 4, 23, 22, tzinfo=UTC)


def test_by_due_date_has_the_undated_last(project: Project) -> None:
    undated, later, sooner = (due(project, days) for days in (None, 5, 1))

    assert list(Task.objects.by_due_date()) == [sooner, later, undated]


def test_for_user_leaves_out_other_projects(task: Task, stranger: User) -> None:
    assert not Task.objects.for_user(stranger).exists()
    assert not Project.objects.for_user(stranger).exists()


def test_for_user_gives_each_once(task: Task, member: User) -> None:
    assert list(Task.objects.for_user(member)) == [task]
    assert list(Project.objects.for_user(member)) == [task.project]


def test_in_batches_gives_every_task_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "BATCH_SIZE", 2)
    tasks = [due(project, days) for days in range(5)]

    assert list(Task.objects.in_batches()) == tasks


def test_start(task: Task) -> None:
    assert task.start()
    assert not task.start()
    assert Task.objects.get(pk=task.pk).status == Status.IN_PROGRESS


def test_start_leaves_what_is_done(task: Task) -> None:
    task.complete()

    assert not task.start()
    assert Task.objects.get(pk=task.pk).is_done


def test_complete(task: Task) -> None:
    assert task.complete()
    assert task.is_done
    assert Task.objects.get(pk=task.pk).is_done


def test_complete_twice_changes_nothing(task: Task) -> None:
    stale = Task.objects.get(pk=task.pk)
    task.complete()

    assert not task.complete()
    assert not stale.complete()


def test_reopen(task: Task) -> None:
    task.complete()

    assert task.reopen()
    assert not task.reopen()
    assert Task.objects.get(pk=task.pk).status == Status.IN_PROGRESS


def test_approve_only_what_is_in_review(task: Task) -> None:
    assert not task.approve()
    assert Task.objects.get(pk=task.pk).status == Status.OPEN


def test_request_review_and_approve(task: Task, member: User) -> None:
    assert task.request_review(by=member)
    assert not task.request_review(by=member)
    assert Task.objects.get(pk=task.pk).review_requested_by == member
    assert task.approve()
    assert not task.approve()
    assert Task.objects.get(pk=task.pk).is_done


def test_unknown_status_is_refused(task: Task) -> None:
    with (
        pytest.raises(IntegrityError, match="tracker_known_status"),
        transaction.atomic(),
    ):
        Task.objects.filter(pk=task.pk).update(status="lost")


def test_unassign_takes_unfinished_tasks(
    task: Task, project: Project, member: User
) -> None:
    done = Task.objects.create(
        project=project, title="Done", assignee=member, status=Status.DONE
    )

    assert project.unassign([member.pk]) == 1
    assert Task.objects.get(pk=task.pk).assignee is None
    assert Task.objects.get(pk=done.pk).assignee == member


def test_urls(task: Task, member: User) -> None:
    comment = Comment.objects.create(task=task, author=member, text="Hi")
    report = Report.objects.create(project=task.project, requested_by=member)

    assert task.get_absolute_url() == f"/tasks/{task.pk}/"
    assert task.project.get_absolute_url() == f"/projects/{task.project.pk}/"
    assert comment.get_absolute_url() == f"/tasks/{task.pk}/#comment-{comment.pk}"
    assert report.get_absolute_url() == f"/reports/{report.pk}/"


def test_build_makes_the_report_once(task: Task, member: User) -> None:
    report = Report.objects.create(project=task.project, requested_by=member)

    assert report.build()
    content = report.content
    task.delete()
    assert not report.build()
    assert Report.objects.get(pk=report.pk).content == content


def test_build_keeps_the_newest_reports(
    project: Project, owner: User, member: User
) -> None:
    other = Report.objects.create(project=project, requested_by=owner)
    reports = [
        Report.objects.create(project=project, requested_by=member) for _ in range(7)
    ]
    for report in reports:
        report.build()

    assert list(Report.objects.order_by("id")) == [other, *reports[2:]]


def test_csv_reads_back(task: Task) -> None:
    title = 'A "quoted", title\nof two lines'
    Task.objects.filter(pk=task.pk).update(title=title, due_date=TODAY)

    header, row = csv.reader(io.StringIO(as_csv(task.project.tasks.all()), newline=""))

    assert header == [
        "Number",
        "Title",
        "Status",
        "Assignee",
        "Due date",
        "Description",
    ]
    assert row == [str(task.pk), title, "Open", "milan", "2026-03-09", ""]


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "\r\n=1+1", "＝1+1"],
)
def test_csv_has_no_formulas(task: Task, title: str) -> None:
    Task.objects.filter(pk=task.pk).update(title=title)

    _header, row = csv.reader(io.StringIO(as_csv(task.project.tasks.all()), newline=""))

    assert row[1] == f"'{title}"
