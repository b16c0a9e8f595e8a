"""Who is notified, at which level, how often. What they read: `test_languages.py`."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from themis.models import UserProfile
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import triggers
from tracker.models import Comment, Project, Report, Task
from tracker.sources import (
    ANNOUNCEMENT,
    APP,
    ASSIGNED,
    COMMENT,
    DUE,
    MEMBERSHIP,
    PROGRESS,
    REPORT,
    REVIEW,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2100, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon in London on 10 March 2100, far enough ahead that what expires then
    has not expired in the database, whose rows are from today."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON


def due(task: Task, day: date) -> Task:
    Task.objects.filter(pk=task.pk).update(due_date=day)
    return task


def lives_in(user: User, zone: str) -> None:
    UserProfile.objects.filter(user=user).update(timezone=zone)


# Assigned


def test_assigned_notifies_the_assignee(task: Task, member: User, owner: User) -> None:
    triggers.task_assigned(task)

    assert_notified(member, level="info", source=(APP, ASSIGNED, task.pk))
    assert_not_notified(owner)


def test_assigned_once_while_unread(task: Task, member: User) -> None:
    triggers.task_assigned(task)
    triggers.task_assigned(task)

    assert_notified(member, times=1)


def test_assigned_to_oneself(task: Task, member: User) -> None:
    task.changed_by = member

    with assert_nothing_sent():
        triggers.task_assigned(task)


def test_assigned_to_nobody(task: Task) -> None:
    task.assignee = None

    with assert_nothing_sent():
        triggers.task_assigned(task)


# Completed, reopened, reviewed


def test_completed_notifies_the_creator(task: Task, owner: User, member: User) -> None:
    triggers.task_completed(task, by=member)

    assert_notified(owner, level="success", source=(APP, PROGRESS, task.pk))
    assert_not_notified(member)


def test_completed_by_the_creator(task: Task, owner: User) -> None:
    with assert_nothing_sent():
        triggers.task_completed(task, by=owner)


def test_completed_without_a_creator(task: Task, member: User) -> None:
    task.created_by = None

    with assert_nothing_sent():
        triggers.task_completed(task, by=member)


def test_completed_ends_the_reminders(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()
    triggers.task_completed(task, by=member)

    assert not member.notifications.visible().exists()


def test_reopened_notifies_the_assignee(task: Task, owner: User, member: User) -> None:
    triggers.task_reopened(task, by=owner)

    assert_notified(member, level="warning", source=(APP, PROGRESS, task.pk))
    assert_not_notified(owner)


def test_reopened_by_the_assignee(task: Task, member: User) -> None:
    with assert_nothing_sent():
        triggers.task_reopened(task, by=member)


def test_review_requested_notifies_the_owner(
    task: Task, owner: User, member: User
) -> None:
    triggers.review_requested(task, by=member)

    assert_notified(owner, level="info", source=(APP, REVIEW, task.pk))
    assert_not_notified(member)


def test_review_requested_by_the_owner(task: Task, owner: User) -> None:
    with assert_nothing_sent():
        triggers.review_requested(task, by=owner)


def test_approved_notifies_who_asked(task: Task, owner: User, member: User) -> None:
    task.request_review(by=member)
    triggers.request_approved(task, by=owner)

    assert_notified(member, level="success", source=(APP, REVIEW, task.pk))
    assert_not_notified(owner)


def test_approved_by_who_asked(task: Task, owner: User) -> None:
    task.request_review(by=owner)

    with assert_nothing_sent():
        triggers.request_approved(task, by=owner)


def test_approved_ends_the_reminders(
    task: Task, owner: User, member: User, noon: datetime
) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()
    triggers.request_approved(task, by=owner)

    assert not member.notifications.visible().exists()


# Comments


def comment(task: Task, author: User) -> Comment:
    comment = Comment.objects.create(task=task, author=author, text="Any news?")
    triggers.comment_added(comment)
    return comment


def test_comment_notifies_creator_and_assignee(
    task: Task, owner: User, member: User, stranger: User
) -> None:
    written = comment(task, stranger)

    for user in (owner, member):
        notification = assert_notified(
            user, level="info", source=(APP, COMMENT, written.pk)
        )
        assert notification.url == written.get_absolute_url()
    assert_not_notified(stranger)


def test_comment_does_not_notify_its_author(
    task: Task, owner: User, member: User
) -> None:
    comment(task, member)

    assert_notified(owner)
    assert_not_notified(member)


def test_comment_notifies_who_commented_before(
    task: Task, stranger: User, owner: User, project: Project
) -> None:
    project.members.add(stranger)
    comment(task, stranger)
    comment(task, stranger)
    last = comment(task, owner)

    assert_notified(stranger, source=(APP, COMMENT, last.pk))


def test_comment_does_not_notify_who_left(
    task: Task, stranger: User, owner: User, project: Project
) -> None:
    project.members.add(stranger)
    comment(task, stranger)
    project.members.remove(stranger)
    last = comment(task, owner)

    assert_not_notified(stranger, source=(APP, COMMENT, last.pk))


# Overdue


def test_overdue_notifies_the_assignee(
    task: Task, owner: User, member: User, noon: datetime
) -> None:
    due(task, TODAY - DAY)

    assert triggers.check_overdue_tasks() == 1
    notification = assert_notified(member, level="danger", source=(APP, DUE, task.pk))
    assert notification.url == task.get_absolute_url()
    assert_not_notified(owner)


def test_overdue_once_while_unread(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()

    assert triggers.check_overdue_tasks() == 0
    assert_notified(member, times=1)


def test_overdue_again_after_reading(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY - DAY)
    triggers.check_overdue_tasks()
    member.notifications.all().mark_read()

    assert triggers.check_overdue_tasks() == 1


def test_overdue_is_not_hidden_by_an_unread_assignment(
    task: Task, noon: datetime
) -> None:
    triggers.task_assigned(due(task, TODAY - DAY))

    assert triggers.check_overdue_tasks() == 1


def test_due_today_is_not_overdue(task: Task, noon: datetime) -> None:
    due(task, TODAY)

    assert triggers.check_overdue_tasks() == 0


def test_overdue_without_an_assignee(task: Task, noon: datetime) -> None:
    Task.objects.update(assignee=None, due_date=TODAY - DAY)

    assert triggers.check_overdue_tasks() == 0


def test_overdue_where_the_next_day_has_begun(
    task: Task, member: User, noon: datetime
) -> None:
    """At noon in London it is the 11th in Auckland, and the 10th is over."""
    due(task, TODAY)
    lives_in(member, "Pacific/Auckland")

    assert triggers.check_overdue_tasks() == 1


def test_not_overdue_where_the_day_goes_on(
    task: Task, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime(2100, 3, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    due(task, TODAY)
    lives_in(member, "America/Lima")

    assert triggers.check_overdue_tasks() == 0


def test_overdue_takes_one_query_for_the_tasks(
    project: Project,
    member: User,
    noon: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Task.objects.bulk_create(
        Task(project=project, title=f"{n}", assignee=member, due_date=date(2026, 1, 1))
        for n in range(10)
    )

    # A batch, the empty one after it, and an insert for each task.
    with django_assert_num_queries(2 + 10):
        assert triggers.check_overdue_tasks() == 10


def test_overdue_without_a_profile(task: Task, member: User, noon: datetime) -> None:
    UserProfile.objects.filter(user=member).delete()
    due(task, TODAY - DAY)

    assert triggers.check_overdue_tasks() == 1


def test_reminders_do_not_touch_the_task(task: Task, noon: datetime) -> None:
    due(task, TODAY - DAY)
    before = Task.objects.values().get()
    triggers.check_overdue_tasks()

    assert Task.objects.values().get() == before


# Due soon


@pytest.mark.parametrize(
    ("in_days", "sent"), [(-1, 0), (0, 1), (1, 1), (2, 0), (None, 0)]
)
def test_due_soon(task: Task, noon: datetime, in_days: int | None, sent: int) -> None:
    day = None if in_days is None else TODAY + timedelta(days=in_days)
    Task.objects.update(due_date=day)

    assert triggers.check_tasks_due_soon() == sent


def test_due_soon_notifies_the_assignee_until_the_day_is_over(
    task: Task, owner: User, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    lives_in(member, "Asia/Kolkata")
    triggers.check_tasks_due_soon()

    notification = assert_notified(member, level="warning", source=(APP, DUE, task.pk))
    assert notification.expires_at == datetime(2100, 3, 10, 18, 30, tzinfo=UTC)
    assert_not_notified(owner)


def test_due_soon_where_the_day_goes_on(
    task: Task, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Lima it is the 10th still."""
    night = datetime(2100, 3, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    due(task, TODAY)
    lives_in(member, "America/Lima")

    assert triggers.check_tasks_due_soon() == 1


def test_due_soon_where_the_next_day_has_begun(
    task: Task, member: User, noon: datetime
) -> None:
    """It is the 11th in Kiritimati: the 12th is tomorrow."""
    due(task, date(2100, 3, 12))
    lives_in(member, "Pacific/Kiritimati")

    assert triggers.check_tasks_due_soon() == 1


def test_due_soon_once_though_read(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.all().mark_read()

    assert triggers.check_tasks_due_soon() == 0


def test_due_soon_again_for_another_day(task: Task, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    task.due_date = TODAY + DAY
    task.save()

    assert triggers.check_tasks_due_soon() == 1


def test_overdue_after_the_reminder_has_expired(
    task: Task, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    due(task, TODAY - DAY)

    assert triggers.check_overdue_tasks() == 1
    assert member.notifications.visible().get().level == "danger"


# Members and announcements


def test_added_members_are_notified(
    project: Project, owner: User, member: User, stranger: User
) -> None:
    triggers.members_added(project, {stranger.pk, owner.pk})

    assert_notified(stranger, level="info", source=(APP, MEMBERSHIP, project.pk))
    assert_not_notified(owner)  # who made the project
    assert_not_notified(member)  # who was there before


def test_announcement_notifies_all_but_its_author(
    project: Project, owner: User, member: User, stranger: User
) -> None:
    assert triggers.team_announcement(project, "We are live.", by=owner) == 1

    notification = assert_notified(
        member, level="info", source=(APP, ANNOUNCEMENT, project.pk)
    )
    assert notification.message == "We are live."
    assert_not_notified(owner)
    assert_not_notified(stranger)


def test_announcement_with_a_key_is_not_made_twice(
    project: Project, owner: User
) -> None:
    announced = [
        triggers.team_announcement(project, "We are live.", by=owner, key=key)
        for key in ("one", "one", "two", "", "")
    ]

    assert announced == [1, 0, 1, 1, 1]


def test_announcement_to_many_takes_few_queries(
    project: Project,
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = User.objects.bulk_create(User(username=f"u{n}") for n in range(200))
    project.members.add(*people)

    with django_assert_max_num_queries(9):
        assert triggers.team_announcement(project, "Hello", by=owner) == 201


# Reports


def test_report_ready_notifies_who_asked(
    project: Project, owner: User, member: User
) -> None:
    report = Report.objects.create(project=project, requested_by=member)
    triggers.report_ready(report)
    triggers.report_ready(report)

    notification = assert_notified(
        member, level="success", source=(APP, REPORT, report.pk), times=1
    )
    assert notification.url == report.get_absolute_url()
    assert_not_notified(owner)


# Clean-up


def test_source_deleted_leaves_the_object_of_another_kind(
    task: Task, member: User
) -> None:
    comment = Comment.objects.create(pk=task.pk, task=task, author=member, text="Hi")
    triggers.task_assigned(task)

    triggers.source_deleted(comment)

    assert_notified(member, source=(APP, ASSIGNED, task.pk))


def test_source_deleted_leaves_the_object_of_a_longer_number(
    project: Project, owner: User, member: User
) -> None:
    other = Project.objects.create(pk=int(f"{project.pk}1"), name="Other", owner=owner)
    triggers.members_added(other, {member.pk})

    triggers.source_deleted(project)

    assert_notified(member, source=(APP, MEMBERSHIP, other.pk))
