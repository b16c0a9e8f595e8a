import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tracker import urls
from tracker.models import Comment, Project, Report, Task

pytestmark = pytest.mark.django_db


OWN_PAGES = ["home", "task-list", "project-list", "project-create"]
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
    "project-edit": "get",
    "project-delete": "get",
}
FOR_REQUESTERS = {"report-detail": "get", "report-download": "get"}
FOR_SOME = FOR_MEMBERS | FOR_OWNERS | FOR_REQUESTERS


@pytest.fixture
def report(project: Project, member: User) -> Report:
    report = Report.objects.create(project=project, requested_by=member)
    report.build()
    return report


@pytest.fixture
def pages(task: Task, report: Report) -> dict[str, str]:
    """The address of every page of one object, by name."""
    keys = {"project": task.project.pk, "report": report.pk, "task": task.pk}
    keys |= {"request": task.pk, "comment": task.pk}
    return {
        pattern.name: reverse(f"tracker:{pattern.name}", args=[_key(pattern, keys)])
        for pattern in urls.urlpatterns
        if pattern.name in FOR_SOME and pattern.name
    }


def _key(pattern: URLPattern, keys: dict[str, int]) -> int:
    return keys[str(pattern.pattern).split("/")[0].removesuffix("s")]


def call(client: Client, pages: dict[str, str], name: str) -> int:
    return int(getattr(client, FOR_SOME[name])(pages[name]).status_code)


def test_every_page_is_listed_above() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}

    assert names == {*OWN_PAGES, *FOR_SOME}


@pytest.mark.parametrize("name", FOR_SOME)
def test_others_get_404(
    stranger_client: Client, pages: dict[str, str], name: str
) -> None:
    assert call(stranger_client, pages, name) == 404


@pytest.mark.parametrize("name", FOR_SOME)
def test_logged_out_users_log_in(
    client: Client, pages: dict[str, str], name: str
) -> None:
    response = getattr(client, FOR_SOME[name])(pages[name])

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_members_are_let_in(
    member_client: Client, pages: dict[str, str], name: str
) -> None:
    assert call(member_client, pages, name) in (200, 302)


@pytest.mark.parametrize("name", FOR_OWNERS)
def test_members_do_not_do_what_owners_do(
    member_client: Client, pages: dict[str, str], name: str
) -> None:
    assert call(member_client, pages, name) == 403


@pytest.mark.parametrize("name", FOR_OWNERS)
def test_owners_are_let_in(
    owner_client: Client, pages: dict[str, str], name: str
) -> None:
    assert call(owner_client, pages, name) in (200, 302)


@pytest.mark.parametrize("name", FOR_REQUESTERS)
def test_reports_are_their_requesters(
    member_client: Client, owner_client: Client, pages: dict[str, str], name: str
) -> None:
    assert call(member_client, pages, name) == 200
    assert call(owner_client, pages, name) == 404


@pytest.mark.parametrize("name", FOR_SOME)
def test_huge_number_is_not_found(member_client: Client, name: str) -> None:
    url = reverse(f"tracker:{name}", args=[10**30])

    assert getattr(member_client, FOR_SOME[name])(url).status_code == 404


@pytest.mark.parametrize(
    "name", [name for name, method in FOR_SOME.items() if method == "post"]
)
def test_links_change_nothing(
    owner_client: Client, pages: dict[str, str], name: str
) -> None:
    assert owner_client.get(pages[name]).status_code == 405


@pytest.mark.parametrize("name", OWN_PAGES)
def test_empty_pages_say_what_to_do(stranger_client: Client, name: str) -> None:
    response = stranger_client.get(reverse(f"tracker:{name}"))

    assert reverse("tracker:project-create") in response.content.decode() or (
        name == "project-create"
    )


@pytest.mark.parametrize(
    "url", ["/", "/tasks/", "/projects/", "/projects/{p}/", "/tasks/{t}/"]
)
def test_more_rows_take_no_more_queries(
    member_client: Client,
    task: Task,
    member: User,
    url: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = url.format(p=task.project.pk, t=task.pk)
    member_client.get(url)
    with django_assert_max_num_queries(30) as few:
        member_client.get(url)
    for number in range(10):
        author = User.objects.create_user(f"user{number}")
        task.project.members.add(author)
        other = Project.objects.create(name=f"Project {number}", owner=author)
        other.members.set([author, member])
        for project in (other, task.project):
            Task.objects.create(project=project, title="More", assignee=member)
            Task.objects.create(project=project, title="Other", assignee=author)
        Comment.objects.create(task=task, author=author, text="Hi")
        Report.objects.create(project=task.project, requested_by=member)

    with django_assert_max_num_queries(len(few)):
        member_client.get(url)
