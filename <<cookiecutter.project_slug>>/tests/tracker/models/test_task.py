from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from themis.models import UserProfile
from tracker.models import Project, Status, Task
from tracker.models.due_dates import Rule, due_soon, overdue

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 9)
NOW = datetime.combine(TODAY, time(12))
LEADS_FROM = {
    "start": {Status.OPEN},
    "request_review": {Status.OPEN, Status.IN_PROGRESS},
    "approve": {Status.IN_REVIEW},
    "complete": {Status.OPEN, Status.IN_PROGRESS},
    "reopen": {Status.IN_REVIEW, Status.DONE},
}
LEADS_TO = {
    "start": Status.IN_PROGRESS,
    "request_review": Status.IN_REVIEW,
    "approve": Status.DONE,
    "complete": Status.DONE,
    "reopen": Status.IN_PROGRESS,
}


def due(
    project: Project,
    in_days: int | None,
    status: str = Status.OPEN,
    at: time | None = None,
) -> Task:
    return Task.objects.create(
        project=project,
        title=f"Due in {in_days}",
        status=status,
        due_date=None if in_days is None else TODAY + timedelta(days=in_days),
        due_time=at,
    )


def test_for_user_leaves_out_other_projects(task: Task, stranger: User) -> None:
    assert not Task.objects.for_user(stranger).exists()


def test_for_user_returns_each_once(task: Task, member: User) -> None:
    assert list(Task.objects.for_user(member)) == [task]


@pytest.mark.parametrize("rule", [overdue, due_soon])
def test_one_and_many_are_due_by_the_same_rule(project: Project, rule: Rule) -> None:
    tasks = [
        due(project, in_days, status, at)
        for in_days in (None, *range(-2, 3))
        for status in (Status.OPEN, Status.DONE)
        for at in (None, time(0), time(11, 59), time(12), time(12, 1), time(23, 59))
    ]
    span = rule(NOW)
    those = [task for task in tasks if task.is_due(span)]

    assert those
    assert list(Task.objects.due(span).order_by("pk")) == those


def test_done_task_is_never_due(project: Project) -> None:
    assert not due(project, -1, Status.DONE).is_due(overdue(NOW))


def test_task_without_due_date_is_never_due(project: Project, member: User) -> None:
    task = due(project, None)

    assert not task.is_due(overdue(NOW))
    assert task.deadline_for(member) is None


def test_overdue_in_the_active_time_zone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 11, tzinfo=UTC))
    task = due(project, 1)

    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert task.is_overdue
        assert Task.objects.overdue().get() == task
    with timezone.override(ZoneInfo("Pacific/Pago_Pago")):
        assert not task.is_overdue
        assert not Task.objects.overdue().exists()


def test_due_for_assignees_in_their_time_zone(
    project: Project, owner: User, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 11, tzinfo=UTC))
    UserProfile.objects.filter(user=owner).update(timezone="Pacific/Auckland")
    UserProfile.objects.filter(user=member).update(timezone="Pacific/Pago_Pago")
    tasks = [due(project, 1) for _ in range(3)]
    for task, assignee in zip(tasks, [owner, member, None], strict=True):
        Task.objects.filter(pk=task.pk).update(assignee=assignee)

    assert list(Task.objects.due_for_assignees(overdue)) == [(tasks[0], owner)]
    assert list(Task.objects.due_for_assignees(due_soon)) == [(tasks[1], member)]


def test_due_for_assignees_takes_few_queries(
    project: Project,
    member: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Task.objects.bulk_create(
        Task(project=project, title=f"{n}", assignee=member, due_date=TODAY)
        for n in range(20)
    )

    with django_assert_max_num_queries(5):
        found = list(Task.objects.due_for_assignees(overdue))
        assert {assignee.profile.user_id for _task, assignee in found} == {member.pk}


def test_overdue_when_the_time_has_come(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = {hour: due(project, 0, at=time(hour)) for hour in (16, 17, 18)}
    now = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)  # 17:00 in Kolkata
    monkeypatch.setattr(timezone, "now", lambda: now)

    with timezone.override(ZoneInfo("Asia/Kolkata")):
        late = [hour for hour, task in tasks.items() if task.is_overdue]
        assert late == [16, 17]
        assert list(Task.objects.overdue().order_by("pk")) == [tasks[16], tasks[17]]


def test_by_due_date_has_the_undated_last(project: Project) -> None:
    undated, later, sooner = (due(project, days) for days in (None, 5, 1))
    in_time = due(project, 1, at=time(9))

    assert list(Task.objects.by_due_date()) == [in_time, sooner, later, undated]


def do(task: Task, verb: str, user: User) -> bool:
    if verb == "request_review":
        return task.request_review(by=user)
    return bool(getattr(task, verb)())


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", LEADS_FROM)
def test_verb(task: Task, member: User, verb: str, status: Status) -> None:
    Task.objects.update(status=status)
    task.status = status
    leads_on = status in LEADS_FROM[verb]
    expected = LEADS_TO[verb] if leads_on else status

    assert do(task, verb, member) == leads_on
    assert task.status == expected
    assert Task.objects.get().status == expected


@pytest.mark.parametrize("verb", LEADS_FROM)
def test_concurrent_changes_apply_once(task: Task, member: User, verb: str) -> None:
    Task.objects.update(status=min(LEADS_FROM[verb]))
    stale = Task.objects.get()

    assert do(Task.objects.get(), verb, member)
    assert not do(stale, verb, member)


def test_request_review_stores_the_requester(task: Task, member: User) -> None:
    task.request_review(by=member)

    assert task.review_requested_by == member
    assert Task.objects.get().review_requested_by == member


def test_reopened_task_still_needs_approval(task: Task, member: User) -> None:
    task.request_review(by=member)
    task.reopen()

    assert not task.complete()
    assert not Task.objects.get().is_done
    assert task.request_review(by=member)
    assert task.approve()


def test_unknown_status_is_refused(task: Task) -> None:
    with (
        pytest.raises(IntegrityError, match="tracker_known_status"),
        transaction.atomic(),
    ):
        Task.objects.filter(pk=task.pk).update(status="lost")
