import pytest
from django.conf import settings
from django.utils import translation

from accounts.models import User
from themis.models import UserProfile
from tracker.export import as_csv
from tracker.models import Project, Report, Task
from tracker.models.report import KEPT_REPORTS

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def report(project: Project, member: User) -> Report:
    return Report.objects.create(project=project, requested_by=member)


def test_build_makes_the_report_once(task: Task, report: Report) -> None:
    assert report.build()
    content = report.content
    task.delete()

    assert not report.build()
    assert Report.objects.get(pk=report.pk).content == content


@pytest.mark.parametrize("language", LANGUAGES)
def test_build_uses_the_requesters_language(
    task: Task, report: Report, member: User, language: str
) -> None:
    UserProfile.objects.filter(user=member).update(language=language)

    report = Report.objects.get(pk=report.pk)
    report.build()

    with translation.override(language):
        assert report.content == as_csv(Task.objects.all())


def test_build_keeps_the_newest_reports(
    project: Project, owner: User, member: User
) -> None:
    other = Report.objects.create(project=project, requested_by=owner)
    reports = [
        Report.objects.create(project=project, requested_by=member)
        for _ in range(KEPT_REPORTS + 2)
    ]
    for report in reports:
        report.build()

    assert list(Report.objects.order_by("id")) == [other, *reports[2:]]


def test_for_user_returns_the_requesters(
    report: Report, owner: User, member: User
) -> None:
    assert list(Report.objects.for_user(member)) == [report]
    assert not Report.objects.for_user(owner).exists()
