"""`manage.py notify`."""

import builtins
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import timezone

from themis.models import UserNotification, UserProfile
from themis.notifications import notified
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified


@pytest.fixture
def answer(monkeypatch):
    """Return a function that sets the answer to the question."""

    def answer(text):
        def ask(question):
            if text is None:
                raise EOFError
            return text

        monkeypatch.setattr(builtins, "input", ask)

    answer(None)
    return answer


def notify(*arguments):
    call_command("notify", *arguments)


def test_one_user(user, other_user, capsys):
    expires_at = timezone.now() + timedelta(days=1)
    notify(
        "ada",
        "Hello",
        "--yes",
        "--message=How are you?",
        "--level=warning",
        "--url=/settings/",
        f"--expires={expires_at.isoformat()}",
    )
    row = assert_notified(user, level="warning")
    assert (row.title, row.message, row.url) == ("Hello", "How are you?", "/settings/")
    assert row.expires_at == expires_at
    assert_not_notified(other_user)
    assert capsys.readouterr().out == "Notified 1 user.\n"


def test_all_active_users(user, other_user):
    get_user_model().objects.create_user("eve", is_active=False)
    notify("--all", "Hello", "--no-input")
    rows = UserNotification.objects.values_list("user__username", flat=True)
    assert sorted(rows) == ["ada", "bob"]


def test_active_users_of_a_group(user, other_user):
    group = Group.objects.create(name="editors")
    eve = get_user_model().objects.create_user("eve", is_active=False)
    group.user_set.set([user, eve])
    notify("--group", "editors", "Hello", "--noinput")
    assert UserNotification.objects.get().user == user


def test_options_may_precede_arguments(user):
    notify("--level", "danger", "--yes", "ada", "Hello")
    assert_notified(user, level="danger")


def test_naive_datetime_uses_the_default_zone(user, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    notify("ada", "Hello", "--yes", "--expires", "2100-01-01T09:00")
    assert assert_notified(user).expires_at.isoformat() == "2100-01-01T00:00:00+00:00"


def test_preview_counts_by_the_rules(user, other_user, answer, capsys):
    """It applies preferences and deduplication, and notifies nobody."""
    UserProfile.objects.filter(user=user).update(notifications_enabled=False)
    with assert_nothing_sent():
        notify("--all", "Hello", "--dry-run")
    assert capsys.readouterr().out.startswith("Would notify 1 of 2 users.\nThe others")
    answer("y")
    notify("--all", "Hello")
    assert capsys.readouterr().out.endswith("Notified 1 user.\n")
    notify("--all", "Hello")  # nobody is left, so nothing is asked
    assert capsys.readouterr().out.startswith("Would notify 0 of 2 users.\nThe others")


def test_preview_notifies_no_channel(user, django_capture_on_commit_callbacks):
    def on_notified(**kwargs):
        raise AssertionError("Nobody was notified.")

    notified.connect(on_notified)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            notify("ada", "Hello", "--dry-run")
        assert callbacks == []
    finally:
        notified.disconnect(on_notified)


@pytest.mark.parametrize("text", ["y", "YES", " yes "])
def test_yes(user, answer, text):
    answer(text)
    notify("ada", "Hello")
    assert_notified(user)


@pytest.mark.parametrize("text", ["", "n", "what?", None])
def test_any_other_answer_is_no(user, answer, text):
    answer(text)
    with assert_nothing_sent(), pytest.raises(CommandError, match="^Nobody was notif"):
        notify("ada", "Hello")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["adda", "Hello"], r"There is no user 'adda'\. Did you mean 'ada'\?"),
        (["zoe", "Hello"], r"There is no user 'zoe'\. Use the sign-in name\."),
        (["--group=editor", "Hello"], r".* 'editor'\. Did you mean 'editors'\?"),
        (["--group=x", "Hello"], r"There is no group 'x'\. The admin lists them\."),
        (["ada", "Hello", "--level=warn"], r".* 'warn'\. Did you mean 'warning'\?"),
        (["ada", "Hello", "--level=5"], r".* '5'\. Use one of \['info', .*\]\."),
        (["Hello"], "Name the recipients in one way: .*"),
        (["ada", "Hello", "--all"], "Name the recipients in one way: .*"),
        (["--all", "--group=editors", "Hello"], "Name the recipients in one way: .*"),
        (["ada", "Two", "words"], "Put the title in quotes: .*"),
        (["ada", "Hello", "--expires=soon"], ".* is not a date and time, such as .*"),
        (["ada", "Hello", "--expires=2020-01-01"], r".* has passed: .*"),
        (["ada", "Hello", "--url=javascript:x"], r"Unsafe url .* Use a path .*"),
        (["ada", " "], r"The title is empty\. .*"),
    ],
)
def test_errors_name_the_fix(user, arguments, text):
    Group.objects.create(name="editors")
    with assert_nothing_sent(), pytest.raises(CommandError, match=f"^{text}$"):
        notify(*arguments, "--yes")
