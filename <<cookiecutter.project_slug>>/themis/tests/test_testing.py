import pytest

from themis.notifications import notify_user
from themis.testing import (
    assert_not_notified,
    assert_nothing_sent,
    assert_notified,
    capture_notifications,
)

pytestmark = pytest.mark.django_db

SOURCE = {"source_app": "shop", "source_model": "Order", "source_id": "7"}
ORDER = ("shop", "Order", 7)


def test_finds_a_notification_by_level_and_source(user):
    notification = notify_user(user, "Paid", level="success", **SOURCE)

    assert assert_notified(user) == notification
    assert assert_notified(user, level="success", source=ORDER) == notification


@pytest.mark.parametrize(
    "wanted", [{"level": "danger"}, {"source": ("shop", "Order", 8)}]
)
def test_failure_lists_what_was_sent(user, wanted):
    notify_user(user, "Paid", level="success", **SOURCE)

    with pytest.raises(AssertionError) as error:
        assert_notified(user, **wanted)

    assert "ada was notified 0 time(s), not 1 with" in str(error.value)
    assert "ada: 'Paid', level success, source shop/Order/7" in str(error.value)
    assert_not_notified(user, **wanted)


def test_one_too_many_fails(user):
    first, second = (notify_user(user, title) for title in ("Paid", "Sent"))

    with pytest.raises(AssertionError, match="ada was notified 2 time"):
        assert_notified(user)
    assert assert_notified(user, times=2) == second
    assert first is not None


def test_times_zero_suggests_the_other_assertion(user):
    with pytest.raises(ValueError, match="assert_not_notified"):
        assert_notified(user, times=0)


def test_other_recipients_do_not_count(user, other_user):
    notify_user(other_user, "Paid")

    assert_not_notified(user)
    with pytest.raises(AssertionError, match="Sent to this user: nothing"):
        assert_notified(user)


def test_not_notified_lists_what_was_sent(user):
    notify_user(user, "Paid")

    with pytest.raises(AssertionError, match=r"ada was notified\.(?s:.*)'Paid'"):
        assert_not_notified(user)


def test_captures_what_the_block_sends(user, other_user):
    notify_user(user, "Before")

    with capture_notifications() as sent:
        notify_user(user, "First")
        notify_user(other_user, "Second")
    notify_user(user, "After")

    assert [(each.user, each.title) for each in sent] == [
        (user, "First"),
        (other_user, "Second"),
    ]


def test_captures_what_was_sent_before_an_error(user):
    def fail():
        notify_user(user, "First")
        raise RuntimeError

    with pytest.raises(RuntimeError), capture_notifications() as sent:
        fail()

    assert len(sent) == 1


def test_nothing_sent(user):
    notify_user(user, "Before")

    with assert_nothing_sent():
        pass
    with pytest.raises(AssertionError, match="'Paid'"), assert_nothing_sent():
        notify_user(user, "Paid")
