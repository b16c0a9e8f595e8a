from typing import Any

import pytest

from accounts.models import User
from tracker import triggers
from tracker.models import Project, Report
from tracker.tasks import announce_to_team, build_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(project: Project, member: User) -> Report:
    return Report.objects.create(project=project, requested_by=member)


def test_build_report_tells_the_owner(report: Report, told: Any) -> None:
    build_report(report.pk)

    assert Report.objects.get(pk=report.pk).is_ready
    assert told() == [("milan", "Report ready")]


def test_build_report_twice_tells_once(report: Report, member: User, told: Any) -> None:
    build_report(report.pk)
    member.notifications.all().mark_read()
    build_report(report.pk)

    assert told() == [("milan", "Report ready")]


def test_build_deleted_report(report: Report, told: Any) -> None:
    key = report.pk
    report.delete()
    build_report(key)

    assert told() == []


def test_failed_notification_leaves_no_finished_report(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt has to find it unfinished, or its owner is never told."""

    def fail(report: Report) -> None:
        raise RuntimeError("The worker died.")

    monkeypatch.setattr(triggers, "report_ready", fail)
    with pytest.raises(RuntimeError, match="The worker died"):
        build_report(report.pk)

    assert not Report.objects.get(pk=report.pk).is_ready


def test_announce_tells_the_team(project: Project, owner: User, told: Any) -> None:
    announce_to_team.delay(project.pk, "We are live.", owner.pk)

    assert told() == [("milan", "olga to Launch")]


def test_announce_again_after_a_crash(project: Project, owner: User, told: Any) -> None:
    for _ in range(2):  # a task that is started again keeps its id
        announce_to_team.apply_async(
            [project.pk, "We are live.", owner.pk], task_id="one"
        )

    assert told() == [("milan", "olga to Launch")]


def test_announce_twice(project: Project, owner: User, told: Any) -> None:
    announce_to_team.delay(project.pk, "We are live.", owner.pk)
    announce_to_team.delay(project.pk, "We are live.", owner.pk)

    assert len(told()) == 2


def test_announce_to_a_deleted_project(
    project: Project, owner: User, told: Any
) -> None:
    key = project.pk
    project.delete()
    announce_to_team.delay(key, "We are live.", owner.pk)

    assert told() == []
