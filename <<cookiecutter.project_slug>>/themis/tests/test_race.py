"""Real processes that notify the same users at the same moment."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.slow

PROCESSES = 4
USERS = 50


@pytest.fixture
def users(transactional_db):
    get_user_model().objects.bulk_create(
        get_user_model()(username=name) for name in ("ada", *range(USERS - 1))
    )


def race(how, calls, in_process):
    """Run a function of race.py in four processes. Return how many were created."""
    code = f"from themis.tests import race; race.run(race.{how}, {calls})"
    processes = [in_process(code) for _ in range(PROCESSES)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    return sum(int(output) for output in outputs)


def test_processes_leave_one_unread_notification_for_each_source(users, in_process):
    assert race("exact", 100, in_process) == 100


def test_processes_that_notify_everybody_leave_one_for_each_user(users, in_process):
    assert race("many", 10, in_process) == 10 * USERS


def test_different_orders_do_not_deadlock(users, in_process):
    assert race("crossing", 30, in_process) >= USERS


def test_equal_values_of_different_types_leave_one(users, in_process):
    assert race("mixing", 75, in_process) == 1


def test_concurrent_restores_leave_one_unread(users, in_process):
    assert race("undoing", 30, in_process) == 0


def test_concurrently_deleted_users_are_skipped(users, in_process):
    assert race("deleting", 8, in_process) == 0


def test_race_test_catches_check_then_write(users, in_process):
    assert race("naive", 100, in_process) > 100


def test_processes_that_send_the_same_form_act_once(users, in_process):
    assert race("forms", 50, in_process) == 50
