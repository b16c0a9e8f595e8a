import inspect
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from themis.models import UserNotification, UserProfile
from tracker import models, triggers
from tracker.models import Comment, Project, Report, Status, Task

pytestmark = pytest.mark.django_db

NOON = datetime(2100, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon in London on 10 March 2100: `created_at` has the real time still, and
    what expires has to do so after it."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON


def due(task: Task, day: date) -> Task:
    Task.objects.filter(pk=task.pk).update(due_date=day)
    return task


def lives_in(user: User, zone: str) -> None:
    UserProfile.objects.filter(user=user).update(timezone=zone)


# Overdue


def test_overdue(task: Task, member: User, noon: datetime) -> None:
    due(task, date(2100, 3, 9))

    assert triggers.check_overdue_tasks() == 1
    notification = member.notifications.get()
    assert notification.title == "Overdue: Deploy v2"
    assert notification.message == "Task was due 2100-03-09."
    assert notification.level == "danger"
    assert notification.url == task.get_absolute_url()


def test_overdue_once_while_unread(task: Task, member: User, noon: datetime) -> None:
    due(task, date(2100, 3, 9))
    triggers.check_overdue_tasks()

    assert triggers.check_overdue_tasks() == 0
    assert member.notifications.count() == 1


def test_overdue_again_after_reading(task: Task, member: User, noon: datetime) -> None:
    due(task, date(2100, 3, 9))
    triggers.check_overdue_tasks()
    member.notifications.all().mark_read()

    assert triggers.check_overdue_tasks() == 1


def test_overdue_is_not_hidden_by_an_unread_assignment(
    task: Task, member: User, noon: datetime
) -> None:
    triggers.task_assigned(due(task, date(2100, 3, 9)))

    assert triggers.check_overdue_tasks() == 1


def test_due_today_is_not_overdue(task: Task, noon: datetime) -> None:
    due(task, TODAY)

    assert triggers.check_overdue_tasks() == 0


def test_nobody_is_told_of_an_unassigned_task(task: Task, noon: datetime) -> None:
    Task.objects.update(assignee=None, due_date=date(2100, 3, 9))

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


def test_overdue_costs_one_query_for_the_tasks(
    project: Project,
    member: User,
    noon: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Task.objects.bulk_create(
        Task(project=project, title=f"{n}", assignee=member, due_date=date(2026, 1, 1))
        for n in range(10)
    )

    # A batch, the empty one after it, and for each task: release an expired
    # duplicate's key, insert.
    with django_assert_num_queries(2 + 10 * 2):
        assert triggers.check_overdue_tasks() == 10


def test_overdue_beyond_one_batch(
    project: Project, member: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "BATCH_SIZE", 2)
    Task.objects.bulk_create(
        Task(project=project, title=f"{n}", assignee=member, due_date=date(2026, 1, 1))
        for n in range(5)
    )

    assert triggers.check_overdue_tasks() == 5


def test_without_a_profile_the_defaults_count(
    task: Task, member: User, noon: datetime
) -> None:
    UserProfile.objects.filter(user=member).delete()
    due(task, date(2100, 3, 9))

    assert triggers.check_overdue_tasks() == 1


# Due soon


@pytest.mark.parametrize(
    ("in_days", "told"), [(-1, 0), (0, 1), (1, 1), (2, 0), (None, 0)]
)
def test_due_soon(task: Task, noon: datetime, in_days: int | None, told: int) -> None:
    day = None if in_days is None else TODAY + timedelta(days=in_days)
    Task.objects.update(due_date=day)

    assert triggers.check_tasks_due_soon() == told


def test_due_soon_expires_when_the_day_is_over(
    task: Task, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    lives_in(member, "Asia/Kolkata")
    triggers.check_tasks_due_soon()

    notification = member.notifications.get()
    assert notification.level == "warning"
    assert notification.title == "Due soon: Deploy v2"
    assert notification.expires_at == datetime(2100, 3, 10, 18, 30, tzinfo=UTC)


def test_due_soon_where_the_day_goes_on(
    task: Task, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Lima it is the 10th still."""
    night = datetime(2100, 3, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    due(task, TODAY)
    lives_in(member, "America/Lima")

    assert triggers.check_tasks_due_soon() == 1


def test_date_is_in_the_readers_format(
    task: Task, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    UserProfile.objects.filter(user=member).update(date_format="d.m.Y")
    triggers.check_tasks_due_soon()

    assert member.notifications.get().message == "Task is due 10.03.2100."


def test_due_soon_once_though_read(task: Task, member: User, noon: datetime) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.all().mark_read()

    assert triggers.check_tasks_due_soon() == 0


def test_due_soon_again_for_another_day(
    task: Task, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    task.due_date = TODAY + timedelta(days=1)
    task.save()

    assert triggers.check_tasks_due_soon() == 1


def test_due_soon_by_the_assignees_calendar(
    task: Task, member: User, noon: datetime
) -> None:
    """It is the 11th in Kiritimati: the 12th is tomorrow."""
    due(task, date(2100, 3, 12))
    lives_in(member, "Pacific/Kiritimati")

    assert triggers.check_tasks_due_soon() == 1


def test_overdue_after_the_reminder_has_expired(
    task: Task, member: User, noon: datetime
) -> None:
    due(task, TODAY)
    triggers.check_tasks_due_soon()
    member.notifications.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    due(task, date(2100, 3, 9))

    assert triggers.check_overdue_tasks() == 1
    assert member.notifications.visible().get().level == "danger"


# Completed, reopened, reviewed


def test_completed_tells_the_creator(task: Task, member: User, told: Any) -> None:
    triggers.task_completed(task, by=member)

    assert told() == [("olga", "Task completed: Deploy v2")]


def test_completed_by_the_creator(task: Task, owner: User, told: Any) -> None:
    triggers.task_completed(task, by=owner)

    assert told() == []


def test_completed_ends_the_reminders(task: Task, member: User, noon: datetime) -> None:
    due(task, date(2100, 3, 9))
    triggers.check_overdue_tasks()
    triggers.task_completed(task, by=member)

    assert not member.notifications.visible().exists()


def test_reopened_tells_the_assignee(task: Task, owner: User, told: Any) -> None:
    triggers.task_reopened(task, by=owner)

    assert told() == [("milan", "Task reopened: Deploy v2")]


def test_reopened_by_the_assignee(task: Task, member: User, told: Any) -> None:
    triggers.task_reopened(task, by=member)

    assert told() == []


def test_review_requested_tells_the_owner(task: Task, member: User, told: Any) -> None:
    triggers.review_requested(task, by=member)

    assert told() == [("olga", "Review requested: Deploy v2")]


def test_owner_who_asks_is_not_told(task: Task, owner: User, told: Any) -> None:
    triggers.review_requested(task, by=owner)

    assert told() == []


def test_approved_tells_who_asked(task: Task, owner: User, member: User) -> None:
    task.request_review(by=member)
    triggers.request_approved(task, by=owner)

    notification = member.notifications.get()
    assert notification.title == "Request approved"
    assert notification.message == "Your request “Deploy v2” has been approved."
    assert notification.level == "success"


def test_approved_ends_the_reminders(
    task: Task, owner: User, member: User, noon: datetime
) -> None:
    due(task, date(2100, 3, 9))
    triggers.check_overdue_tasks()
    triggers.request_approved(task, by=owner)

    assert not member.notifications.visible().exists()


def test_owner_who_approves_the_own_request_is_not_told(
    task: Task, owner: User, told: Any
) -> None:
    task.request_review(by=owner)
    triggers.request_approved(task, by=owner)

    assert told() == []


# Comments


def comment(task: Task, author: User) -> Comment:
    comment = Comment.objects.create(task=task, author=author, text="Any news?")
    triggers.comment_added(comment)
    return comment


def test_comment_tells_creator_and_assignee(
    task: Task, stranger: User, told: Any
) -> None:
    comment(task, stranger)

    assert sorted(told()) == [
        ("milan", "New comment: Deploy v2"),
        ("olga", "New comment: Deploy v2"),
    ]


def test_comment_does_not_tell_its_author(task: Task, member: User, told: Any) -> None:
    comment(task, member)

    assert told() == [("olga", "New comment: Deploy v2")]


def test_comment_tells_who_commented_before(
    task: Task, stranger: User, owner: User, project: Project
) -> None:
    project.members.add(stranger)
    comment(task, stranger)
    comment(task, stranger)
    comment(task, owner)

    told = stranger.notifications.filter(title="New comment: Deploy v2")
    assert told.count() == 1


def test_comment_does_not_tell_who_left(
    task: Task, stranger: User, owner: User, project: Project
) -> None:
    project.members.add(stranger)
    comment(task, stranger)
    project.members.remove(stranger)
    UserNotification.objects.all().delete()
    comment(task, owner)

    assert not stranger.notifications.exists()


def test_comment_links_to_itself(task: Task, owner: User, member: User) -> None:
    written = comment(task, owner)

    assert member.notifications.get().url == written.get_absolute_url()


# The team


def test_announcement_tells_all_but_the_actor(
    project: Project, owner: User, told: Any
) -> None:
    assert triggers.team_announcement(project, "We are live.", by=owner) == 1
    assert told() == [("milan", "olga to Launch")]


def test_announcement_reaches_every_language_once(
    project: Project, owner: User, member: User
) -> None:
    for code in ("en", "de", "fr", "xx"):
        reader = User.objects.create_user(code)
        UserProfile.objects.filter(user=reader).update(language=code)
        project.members.add(reader)
    UserProfile.objects.filter(user=member).delete()
    UserNotification.objects.all().delete()

    assert triggers.team_announcement(project, "We are live.", by=owner) == 5
    assert UserNotification.objects.values("user").distinct().count() == 5


def test_announcement_to_many_takes_few_queries(
    project: Project,
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = User.objects.bulk_create(User(username=f"u{n}") for n in range(200))
    project.members.add(*people)

    # One INSERT for each language, each with its savepoint.
    with django_assert_max_num_queries(9):
        assert triggers.team_announcement(project, "Hello", by=owner) == 201


# The clean-up knows every subject


def test_every_source_is_cleaned_up() -> None:
    """A `source_model` that `SUBJECTS` does not list would stay for ever."""
    code = inspect.getsource(triggers)
    named = re.findall(r"^ +source_model=\"?([\w.]+)\"?,$", code, re.MULTILINE)
    listed = [
        subject for subjects in triggers.SUBJECTS.values() for subject in subjects
    ]

    assert {vars(triggers)[name] if name.isupper() else name for name in named} == {
        *listed
    }


def test_report_ready(project: Project, member: User) -> None:
    report = Report.objects.create(project=project, requested_by=member)
    triggers.report_ready(report)

    notification = member.notifications.get()
    assert notification.title == "Report ready"
    expected = "Your report “Tasks of Launch” is ready to download."
    assert notification.message == expected
    assert notification.url == f"/reports/{report.pk}/"


def test_status_is_not_touched_by_reminders(task: Task, noon: datetime) -> None:
    due(task, date(2100, 3, 9))
    triggers.check_overdue_tasks()

    assert Task.objects.get(pk=task.pk).status == Status.OPEN
