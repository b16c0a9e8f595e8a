"""Requests work even if the broker accepts no tasks."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.models import User
from themis.testing import assert_notified
from tracker import sources
from tracker.models import Project, Report
from tracker.models.report import PATIENCE
from tracker.tasks import announce_to_team, build_report


def refuse(*args: object) -> None:
    raise OperationalError("Connection refused.")


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the broker."""
    for task in (announce_to_team, build_report):
        monkeypatch.setattr(task, "delay", refuse)


@pytest.mark.django_db(transaction=True)
def test_report_waits_for_the_command(
    member_client: Client, project: Project, member: User
) -> None:
    url = reverse("tracker:report-request", args=[project.pk])
    assert member_client.post(url).status_code == 302
    report = Report.objects.get()
    assert not report.is_ready

    call_command("build_waiting_reports", verbosity=0)
    assert not Report.objects.get().is_ready, "Its task may still be in the queue."

    long_ago = report.created_at - PATIENCE - timedelta(minutes=1)
    Report.objects.update(created_at=long_ago)
    for _ in range(2):
        call_command("build_waiting_reports", verbosity=0)
    assert Report.objects.get().is_ready
    assert_notified(member, source=(sources.APP, sources.REPORT, report.pk), times=1)


@pytest.mark.django_db(transaction=True)
def test_announcement_is_made_in_the_request(
    owner_client: Client, project: Project, member: User
) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    assert owner_client.post(url, {"text": "We are live."}).status_code == 302
    assert_notified(member, times=1)
