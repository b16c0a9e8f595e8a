import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tracker.models import Project, Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(project: Project, member: User) -> Report:
    report = Report.objects.create(project=project, requested_by=member)
    report.build()
    return report


def test_finished_report_has_a_download(member_client: Client, report: Report) -> None:
    page = member_client.get(report.get_absolute_url()).content.decode()

    assert reverse("tracker:report-download", args=[report.pk]) in page


def test_report_is_made_after_the_commit(
    member_client: Client,
    project: Project,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """A worker cannot find a report before it is committed."""
    with django_capture_on_commit_callbacks() as callbacks:
        member_client.post(reverse("tracker:report-request", args=[project.pk]))

    assert len(callbacks) == 1
    assert not Report.objects.get().is_ready


def test_pending_report_is_not_requested_twice(
    member_client: Client, project: Project
) -> None:
    url = reverse("tracker:report-request", args=[project.pk])
    first, again = member_client.post(url), member_client.post(url)

    assert first["Location"] == again["Location"]


def test_finished_report_allows_another(member_client: Client, report: Report) -> None:
    url = reverse("tracker:report-request", args=[report.project.pk])

    assert member_client.post(url)["Location"] != report.get_absolute_url()


def test_download(member_client: Client, report: Report) -> None:
    response = member_client.get(reverse("tracker:report-download", args=[report.pk]))

    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith("attachment;")
    assert "no-store" in response["Cache-Control"]
    assert report.content in response.content.decode()


def test_unfinished_report_has_no_download(
    member_client: Client, project: Project, member: User
) -> None:
    report = Report.objects.create(project=project, requested_by=member)
    url = reverse("tracker:report-download", args=[report.pk])

    assert member_client.get(url).status_code == 404


def test_former_member_loses_the_report(
    member_client: Client, report: Report, member: User
) -> None:
    report.project.members.remove(member)
    url = reverse("tracker:report-download", args=[report.pk])

    assert member_client.get(url).status_code == 404
