"""Who may do what within a team. For others: `tests/config/test_authorization.py`."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tracker import urls
from tracker.models import Comment, Project, Report, Task

pytestmark = pytest.mark.django_db

# Each page about an object, and the method that it accepts.
FOR_MEMBERS = {
    "task-detail": "get",
    "task-edit": "get",
    "task-delete": "get",
    "task-start": "post",
    "task-complete": "post",
    "task-reopen": "post",
    "request-review": "post",
    "comment-create": "post",
    "project-detail": "get",
    "task-create": "get",
    "announce": "post",
    "report-request": "post",
}
FOR_OWNERS = {
    "approve-request": "post",
    "invite": "post",
    "project-edit": "get",
    "project-delete": "get",
}
FOR_REQUESTERS = {"report-detail": "get", "report-download": "get"}
ROUTES = {each.name: each for each in urls.urlpatterns if "<int:" in str(each.pattern)}


@pytest.fixture
def pages(task: Task, member: User) -> dict[str, str]:
    """The URL of every page about one object, by name."""
    report = Report.objects.create(project=task.project, requested_by=member)
    report.build()
    keys = {"projects": task.project.pk, "reports": report.pk, "tasks": task.pk}
    return {
        name: reverse(f"tracker:{name}", args=[keys[key]])
        for name, route in ROUTES.items()
        if (key := str(route.pattern).split("/")[0]) in keys
    }


def call(client: Client, pages: dict[str, str], name: str, method: str) -> int:
    if name not in pages:
        pytest.skip(f"There is no page {name}: delete it above.")
    return int(getattr(client, method)(pages[name]).status_code)


@pytest.mark.parametrize(("name", "method"), FOR_MEMBERS.items())
def test_members_have_access(
    member_client: Client, pages: dict[str, str], name: str, method: str
) -> None:
    assert call(member_client, pages, name, method) in (200, 302)


@pytest.mark.parametrize(("name", "method"), FOR_OWNERS.items())
def test_members_cannot_do_what_owners_can(
    member_client: Client,
    owner_client: Client,
    pages: dict[str, str],
    name: str,
    method: str,
) -> None:
    assert call(member_client, pages, name, method) == 403
    assert call(owner_client, pages, name, method) in (200, 302)


@pytest.mark.parametrize(("name", "method"), FOR_REQUESTERS.items())
def test_reports_are_their_requesters(
    member_client: Client,
    owner_client: Client,
    pages: dict[str, str],
    name: str,
    method: str,
) -> None:
    assert call(member_client, pages, name, method) == 200
    assert call(owner_client, pages, name, method) == 404


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_huge_number_is_not_found(
    member_client: Client, name: str, method: str
) -> None:
    url = reverse(f"tracker:{name}", args=[10**30])

    assert getattr(member_client, method)(url).status_code in {404, 405}


@pytest.mark.parametrize(
    "name",
    ["home", "task-list", "project-list", "project-detail", "task-detail"],
)
def test_more_rows_take_no_more_queries(
    member_client: Client,
    pages: dict[str, str],
    task: Task,
    member: User,
    name: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    try:
        url = pages.get(name) or reverse(f"tracker:{name}")
    except NoReverseMatch:
        pytest.skip(f"There is no page {name}: delete it above.")
    Comment.objects.create(task=task, author=member, text="Hi")
    member_client.get(url)
    with django_assert_max_num_queries(100) as few:
        member_client.get(url)
    for number in range(10):
        author = User.objects.create_user(f"user{number}")
        task.project.members.add(author)
        other = Project.objects.create(name=f"Project {number}", owner=author)
        other.members.set([author, member])
        asking = Project.objects.create(name=f"Asking {number}", owner=author)
        asking.invite(member.username, by=author)
        for project in (other, task.project):
            Task.objects.create(project=project, title="More", assignee=member)
            Task.objects.create(project=project, title="Other", assignee=author)
        Comment.objects.create(task=task, author=author, text="Hi")
        Report.objects.create(project=task.project, requested_by=member)

    with django_assert_max_num_queries(len(few)):
        member_client.get(url)
