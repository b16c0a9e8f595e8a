import json
import signal
from datetime import timedelta
from io import StringIO
from itertools import islice, product

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from themis.management.commands import cleanup_notifications
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user

DAY = timedelta(days=1)


def clean_up(*arguments):
    output = StringIO()
    call_command("cleanup_notifications", *arguments, stdout=output)
    return output.getvalue()


def make(user, title="Hello", **state):
    """A notification in a state that only time can produce."""
    notification = notify_user(user, title)
    UserNotification.objects.filter(pk=notification.pk).update(**state)
    return notification


STATES = list(
    product(
        (False, True),  # read
        (False, True),  # dismissed
        (None, -1, 1),  # expires in days
        (1, 20, 40, 80, 120),  # age in days
    )
)


@pytest.mark.parametrize("retention", [30, 365])
@pytest.mark.parametrize("ceiling", [None, 0, 60])
def test_every_state(user, retention, ceiling):
    now = timezone.now()
    UserProfile.objects.update(notification_retention_days=retention)
    limit = min(retention, 90 if ceiling is None else ceiling)
    kept = set()
    for state in STATES:
        read, dismissed, expires, age = state
        make(
            user,
            str(state),
            created_at=now - age * DAY,
            read_at=now if read else None,
            dismissed_at=now if dismissed else None,
            expires_at=now + expires * DAY if expires else None,
        )
        if expires != -1 and not ((read or dismissed) and age > limit):
            kept.add(str(state))

    clean_up(*([] if ceiling is None else [f"--max-age-days={ceiling}"]))

    assert {str(row) for row in UserNotification.objects.all()} == kept


def test_ceiling_is_a_setting(user, settings):
    settings.THEMIS_NOTIFICATION_MAX_AGE_DAYS = 10
    make(user, created_at=timezone.now() - 11 * DAY, read_at=timezone.now())

    clean_up()

    assert not UserNotification.objects.exists()


def test_retention_changed_during_the_run(user):
    UserProfile.objects.update(notification_retention_days=30)
    now = timezone.now()
    notification = make(user, created_at=now - 40 * DAY, read_at=now)
    rows = UserNotification.objects.deletable(now, max_age_days=90)["read"]
    assert list(rows) == [notification]

    UserProfile.objects.update(notification_retention_days=60)

    assert list(rows.all()) == []


def test_user_without_profile_has_the_default_retention(django_user_model, db):
    [ghost] = django_user_model.objects.bulk_create([django_user_model(username="g")])
    make(ghost, "old", created_at=timezone.now() - 91 * DAY, read_at=timezone.now())
    make(ghost, "young", created_at=timezone.now() - 89 * DAY, read_at=timezone.now())

    clean_up()

    assert [str(row) for row in UserNotification.objects.all()] == ["young"]


@pytest.fixture
def one_of_each(user):
    now = timezone.now()
    make(user, "unread", created_at=now - 365 * DAY)
    make(user, "young", read_at=now)
    make(user, "read", created_at=now - 91 * DAY, read_at=now)
    make(user, "dismissed", created_at=now - 91 * DAY, dismissed_at=now)
    make(user, "both", created_at=now - 91 * DAY, read_at=now, dismissed_at=now)
    make(user, "expired", expires_at=now - DAY)
    make(user, "expired too", created_at=now - 91 * DAY, read_at=now, expires_at=now)


def test_says_what_was_deleted(one_of_each):
    assert clean_up() == (
        "Deleted 5 notification(s): 2 expired, 2 dismissed, 1 read.\n"
    )
    assert {str(row) for row in UserNotification.objects.all()} == {"unread", "young"}


def test_second_run_deletes_nothing(one_of_each):
    clean_up()

    assert clean_up() == "Deleted 0 notification(s): 0 expired, 0 dismissed, 0 read.\n"


def test_dry_run_counts_and_keeps(one_of_each):
    assert clean_up("--dry-run") == (
        "Would delete 5 notification(s): 2 expired, 2 dismissed, 1 read.\n"
    )
    assert UserNotification.objects.count() == 7


def test_batches_reach_every_row(one_of_each, monkeypatch):
    monkeypatch.setattr(cleanup_notifications, "MOST", 1)

    assert clean_up().startswith("Deleted 5 ")


def test_few_expired_among_many_kept(user, monkeypatch):
    monkeypatch.setattr(cleanup_notifications, "MOST", 2)
    old = {"created_at": timezone.now() - 91 * DAY, "read_at": timezone.now()}
    for pk in range(100, 600, 100):
        UserNotification.objects.bulk_create(
            [
                UserNotification(pk=pk, user=user, title="old", **old),
                UserNotification(pk=pk + 1, user=user, title="new"),
            ]
        )

    assert clean_up().startswith("Deleted 5 ")
    assert set(UserNotification.objects.values_list("title", flat=True)) == {"new"}


def test_batch_size_adapts_to_duration(user, monkeypatch):
    for name, value in {"FEWEST": 1, "MOST": 8, "PAUSE": 0}.items():
        monkeypatch.setattr(cleanup_notifications, name, value)
    times = iter([0, 99, *[0, 0] * 20])
    monkeypatch.setattr("time.monotonic", lambda: next(times))
    old = {"created_at": timezone.now() - 91 * DAY, "read_at": timezone.now()}
    UserNotification.objects.bulk_create(
        UserNotification(user=user, title="old", **old) for _ in range(20)
    )
    rows = UserNotification.objects.all()

    assert list(cleanup_notifications.Command().delete(rows)) == [8, 1, 2, 4, 5]


def test_row_marked_unread_during_the_run_is_kept(user, monkeypatch):
    old = {"created_at": timezone.now() - 91 * DAY, "read_at": timezone.now()}
    row = make(user, "old", **old)
    deletable = UserNotification.objects.deletable(timezone.now(), 90)["read"]
    delete = type(deletable).delete

    def late(queryset):
        UserNotification.objects.filter(pk=row.pk).update(read_at=None)
        return delete(queryset)

    monkeypatch.setattr(type(deletable), "delete", late)

    assert list(cleanup_notifications.Command().delete(deletable)) == [0]
    assert UserNotification.objects.count() == 1


def test_finishes_while_others_write(user, monkeypatch):
    for number in range(3):
        make(user, f"{number}", read_at=timezone.now())
    rows = UserNotification.objects.filter(title="nothing")
    delete = type(rows).delete

    def beside_others(queryset):
        make(user, "new")
        return delete(queryset)

    monkeypatch.setattr(type(rows), "delete", beside_others)
    monkeypatch.setattr(cleanup_notifications, "MOST", 1)

    deleted = cleanup_notifications.Command().delete(rows)

    assert list(islice(deleted, 9)) == [0, 0, 0]


def test_progress_on_a_terminal(one_of_each):
    terminal = StringIO()
    terminal.isatty = lambda: True
    call_command("cleanup_notifications", stdout=terminal)

    assert "\r5 …" in terminal.getvalue()


@pytest.mark.parametrize("days", ["0", "7", "90", "365", "10000", "36500"])
def test_number_of_days(db, days):
    assert clean_up(f"--max-age-days={days}").startswith("Deleted 0 ")


@pytest.mark.parametrize("days", ["-1", "1.5", "ten", "", "36501", "9" * 5000, "٣"])
def test_bad_number_of_days(db, days):
    with pytest.raises(CommandError, match="is not a whole number of days from 0 to"):
        clean_up(f"--max-age-days={days}")


# Processes

SMALL_BATCHES = """
from django.core.management import call_command
from themis.management.commands import cleanup_notifications
cleanup_notifications.MOST = 20
{before}
call_command("cleanup_notifications")
"""
KILL_HALFWAY = """
import os, signal
def progress(command, counts):
    if counts.total() >= 300:
        os.kill(os.getpid(), signal.SIGKILL)
cleanup_notifications.Command.progress = progress
"""


@pytest.fixture
def many(transactional_db, django_user_model):
    """1,000 rows: 400 to delete, and 600 unread or recent ones to keep."""
    user = django_user_model.objects.create_user("ada")
    now = timezone.now()
    for number in range(200):
        make(user, f"unread {number}", created_at=now - 365 * DAY)
        make(user, "read", created_at=now - 91 * DAY, read_at=now)
        make(user, f"young {number}", read_at=now)
        make(user, "expired", expires_at=now - DAY)
        make(user, f"new {number}")


LEFT = """
from themis.models import UserNotification
import json
print(json.dumps(sorted(UserNotification.objects.values_list("title", flat=True))))
"""


def left(in_process):
    return json.loads(in_process(LEFT).communicate()[0])


def kept():
    kinds = ("unread", "young", "new")
    return sorted(f"{kind} {number}" for kind in kinds for number in range(200))


@pytest.mark.slow
def test_killed_in_the_middle(many, in_process):
    killed = in_process(SMALL_BATCHES.format(before=KILL_HALFWAY))
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert set(kept()) < set(left(in_process))

    again = in_process(SMALL_BATCHES.format(before=""))
    output, _ = again.communicate()

    assert again.returncode == 0
    assert "Deleted 100 notification(s): 0 expired, 0 dismissed, 100 read." in output
    assert left(in_process) == kept()


@pytest.mark.slow
def test_two_at_once(many, in_process):
    twins = [in_process(SMALL_BATCHES.format(before="")) for _ in range(2)]
    outputs = [twin.communicate()[0] for twin in twins]

    assert [twin.returncode for twin in twins] == [0, 0]
    assert sum(int(output.split()[1]) for output in outputs) == 400
    assert left(in_process) == kept()
