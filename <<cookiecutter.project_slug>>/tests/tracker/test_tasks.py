import pytest

from accounts.models import User
from themis.testing import assert_nothing_sent, assert_notified
from tracker import triggers
from tracker.models import Project, Report
from tracker.sources import APP, REPORT
from tracker.tasks import announce_to_team, build_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(project: Project, member: User) -> Report:
    return Report.objects.create(project=project, requested_by=member)


def test_build_report_notifies_who_asked(report: Report, member: User) -> None:
    build_report(report.pk)

    assert Report.objects.get(pk=report.pk).is_ready
    assert_notified(member, source=(APP, REPORT, report.pk))


def test_build_report_twice_notifies_once(report: Report, member: User) -> None:
    build_report(report.pk)
    member.notifications.all().mark_read()
    build_report(report.pk)

    assert_notified(member, times=1)


def test_build_deleted_report(report: Report) -> None:
    key = report.pk
    report.delete()

    with assert_nothing_sent():
        build_report(key)


def test_failed_notification_leaves_no_finished_report(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt has to find it unfinished, or who asked is never notified."""

    def fail(report: Report) -> None:
        raise RuntimeError("The worker died.")

    monkeypatch.setattr(triggers, "report_ready", fail)
    with pytest.raises(RuntimeError, match="The worker died"):
        build_report(report.pk)

    assert not Report.objects.get(pk=report.pk).is_ready


def test_announce_notifies_the_team(
    project: Project, owner: User, member: User
) -> None:
    announce_to_team(project.pk, "We are live.", owner.pk, "one")

    assert assert_notified(member).message == "We are live."


def test_announce_again_after_a_crash(
    project: Project, owner: User, member: User
) -> None:
    for _ in range(2):  # a task that starts again keeps its key
        announce_to_team(project.pk, "We are live.", owner.pk, "one")

    assert_notified(member, times=1)


def test_announce_twice(project: Project, owner: User, member: User) -> None:
    announce_to_team(project.pk, "We are live.", owner.pk, "one")
    announce_to_team(project.pk, "We are live.", owner.pk, "two")

    assert_notified(member, times=2)


def test_announce_to_a_deleted_project(project: Project, owner: User) -> None:
    key = project.pk
    project.delete()

    with assert_nothing_sent():
        announce_to_team(key, "We are live.", owner.pk, "one")
