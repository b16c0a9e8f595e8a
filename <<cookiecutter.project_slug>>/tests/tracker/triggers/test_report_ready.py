import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from themis.testing import assert_not_notified, assert_nothing_sent, assert_notified
from tracker import sources, triggers
from tracker.models import Project, Report, Task
from tracker.tasks import build_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(project: Project, member: User) -> Report:
    return Report.objects.create(project=project, requested_by=member)


def test_notifies_the_requester_once(
    report: Report, member: User, stranger: User
) -> None:
    triggers.report_ready(report)
    triggers.report_ready(report)

    notification = assert_notified(
        member, source=(sources.APP, sources.REPORT, report.pk), times=1
    )
    assert notification.url == report.get_absolute_url()
    assert_not_notified(stranger)


def test_task(report: Report, member: User) -> None:
    build_report(report.pk)
    member.notifications.all().mark_read()
    build_report(report.pk)

    assert_notified(member, source=(sources.APP, sources.REPORT, report.pk), times=1)


def test_task_of_a_deleted_report(report: Report) -> None:
    key = report.pk
    report.delete()

    with assert_nothing_sent():
        build_report(key)


def test_failed_build_leaves_no_finished_report(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt must find it unfinished, or the user is never notified."""

    def fail(report: Report) -> None:
        raise RuntimeError("The worker died.")

    monkeypatch.setattr(triggers, "report_ready", fail)
    with pytest.raises(RuntimeError, match="The worker died"):
        build_report(report.pk)

    assert not Report.objects.get(pk=report.pk).is_ready


def test_on_the_page(
    member_client: Client,
    task: Task,
    member: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    url = reverse("tracker:report-request", args=[task.project.pk])
    with django_capture_on_commit_callbacks(execute=True):
        member_client.post(url)

    report = Report.objects.get()
    assert_notified(member, source=(sources.APP, sources.REPORT, report.pk))
