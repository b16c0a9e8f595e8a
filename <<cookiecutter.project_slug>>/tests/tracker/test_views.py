from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tracker import urls
from tracker.models import Comment, Project, Report, Status, Task

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


def test_home_welcomes_who_is_logged_out(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert reverse("account_login") in response.content.decode()


def test_home_lists_own_unfinished_tasks(member_client: Client, task: Task) -> None:
    done = Task.objects.create(
        project=task.project,
        title="Long done",
        assignee=task.assignee,
        status=Status.DONE,
    )
    tasks = member_client.get("/").context["tasks"]

    assert list(tasks) == [task]
    assert done not in tasks


def test_home_lists_what_waits_for_approval(
    owner_client: Client, task: Task, member: User
) -> None:
    assert "Waiting for your approval" not in owner_client.get("/").content.decode()
    task.request_review(by=member)

    assert "Waiting for your approval" in owner_client.get("/").content.decode()


def test_create_task(
    owner_client: Client, project: Project, owner: User, member: User, told: Any
) -> None:
    response = owner_client.post(
        reverse("tracker:task-create", args=[project.pk]),
        {"title": "Deploy v2", "assignee": member.pk, "due_date": "2026-12-31"},
    )

    task = Task.objects.get()
    assert response["Location"] == task.get_absolute_url()
    assert (task.project, task.created_by) == (project, owner)
    assert told() == [("milan", "Task assigned: Deploy v2")]


def test_take_task_oneself(
    member_client: Client, project: Project, member: User, told: Any
) -> None:
    member_client.post(
        reverse("tracker:task-create", args=[project.pk]),
        {"title": "Deploy v2", "assignee": member.pk},
    )

    assert Task.objects.get().assignee == member
    assert told() == []


def test_assignee_must_be_in_the_team(
    member_client: Client, project: Project, stranger: User
) -> None:
    response = member_client.post(
        reverse("tracker:task-create", args=[project.pk]),
        {"title": "Deploy v2", "assignee": stranger.pk},
    )

    errors = response.context["form"].errors
    assert "That choice is not one of the available choices" in str(errors["assignee"])
    assert not Task.objects.exists()


def test_edit_task(member_client: Client, task: Task, owner: User, told: Any) -> None:
    member_client.post(
        reverse("tracker:task-edit", args=[task.pk]),
        {"title": "Deploy v3", "assignee": owner.pk},
    )

    task = Task.objects.get()
    assert (task.title, task.assignee) == ("Deploy v3", owner)
    assert told() == [("olga", "Task assigned: Deploy v3")]


def test_edit_keeps_the_due_date(member_client: Client, task: Task) -> None:
    Task.objects.update(due_date="2026-12-31")
    page = member_client.get(reverse("tracker:task-edit", args=[task.pk]))

    assert 'value="2026-12-31"' in page.content.decode()


def test_edit_leaves_the_status_to_others(
    member_client: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody completes the task after the page has read it, before it is saved."""
    save = Task.save

    def complete_and_save(self: Task, **kwargs: Any) -> None:
        Task.objects.update(status=Status.DONE)
        save(self, **kwargs)

    monkeypatch.setattr(Task, "save", complete_and_save)
    member_client.post(reverse("tracker:task-edit", args=[task.pk]), {"title": "New"})

    task = Task.objects.get()
    assert (task.title, task.is_done) == ("New", True)


def test_start_task(member_client: Client, task: Task, told: Any) -> None:
    member_client.post(reverse("tracker:task-start", args=[task.pk]))

    assert Task.objects.get().status == Status.IN_PROGRESS
    assert told() == []


def test_complete_task(member_client: Client, task: Task, told: Any) -> None:
    url = reverse("tracker:task-complete", args=[task.pk])
    member_client.post(url)
    member_client.post(url)

    assert Task.objects.get().is_done
    assert told() == [("olga", "Task completed: Deploy v2")]


def test_reopen_task(owner_client: Client, task: Task, told: Any) -> None:
    task.complete()
    url = reverse("tracker:task-reopen", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert Task.objects.get().status == Status.IN_PROGRESS
    assert told() == [("milan", "Task reopened: Deploy v2")]


def test_review(
    member_client: Client, owner_client: Client, task: Task, told: Any
) -> None:
    member_client.post(reverse("tracker:request-review", args=[task.pk]))
    url = reverse("tracker:approve-request", args=[task.pk])
    owner_client.post(url)
    owner_client.post(url)

    assert Task.objects.get().is_done
    assert told() == [
        ("olga", "Review requested: Deploy v2"),
        ("milan", "Request approved"),
    ]


def test_review_asked_for_twice(
    member_client: Client, task: Task, owner: User, told: Any
) -> None:
    url = reverse("tracker:request-review", args=[task.pk])
    member_client.post(url)
    owner.notifications.all().mark_read()
    member_client.post(url)

    assert told() == [("olga", "Review requested: Deploy v2")]


def test_delete_task(member_client: Client, task: Task) -> None:
    response = member_client.post(reverse("tracker:task-delete", args=[task.pk]))

    assert response["Location"] == task.project.get_absolute_url()
    assert not Task.objects.exists()


def test_comment(member_client: Client, task: Task, member: User, told: Any) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    response = member_client.post(url, {"text": "Any news?"})

    comment = Comment.objects.get()
    assert comment.author == member
    assert response["Location"] == comment.get_absolute_url()
    assert told() == [("olga", "New comment: Deploy v2")]


def test_empty_comment(member_client: Client, task: Task) -> None:
    url = reverse("tracker:comment-create", args=[task.pk])
    response = member_client.post(url, {"text": " "})

    assert "This field is required." in response.content.decode()
    assert not Comment.objects.exists()


def test_text_is_escaped(member_client: Client, task: Task, member: User) -> None:
    Comment.objects.create(task=task, author=member, text="<script>alert(1)</script>")
    page = member_client.get(task.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_create_project(
    member_client: Client, member: User, stranger: User, told: Any
) -> None:
    url = reverse("tracker:project-create")
    response = member_client.post(url, {"name": "Launch", "members": [stranger.pk]})

    project = Project.objects.get()
    assert response["Location"] == project.get_absolute_url()
    assert project.owner == member
    assert set(project.members.all()) == {member, stranger}
    assert told() == [("sam", "Welcome to Launch")]


def test_owner_stays_a_member(
    owner_client: Client, project: Project, owner: User
) -> None:
    url = reverse("tracker:project-edit", args=[project.pk])
    owner_client.post(url, {"name": "Launch", "members": []})

    assert list(project.members.all()) == [owner]


def test_delete_project(owner_client: Client, project: Project) -> None:
    owner_client.post(reverse("tracker:project-delete", args=[project.pk]))

    assert not Project.objects.exists()


def test_announce(owner_client: Client, project: Project, told: Any) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    owner_client.post(url, {"text": "We are live."})

    assert told() == [("milan", "olga to Launch")]


def test_announce_nothing(owner_client: Client, project: Project, told: Any) -> None:
    url = reverse("tracker:announce", args=[project.pk])
    response = owner_client.post(url, {"text": ""}, follow=True)

    assert "Write what the team should know." in response.content.decode()
    assert told() == []


def test_report(
    member_client: Client,
    task: Task,
    told: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = member_client.post(
            reverse("tracker:report-request", args=[task.project.pk])
        )

    assert told() == [("milan", "Report ready")]
    page = member_client.get(response["Location"]).content.decode()
    assert reverse("tracker:report-download", args=[Report.objects.get().pk]) in page


def test_report_is_made_after_the_commit(
    member_client: Client,
    project: Project,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """A worker would not find a report that is not committed yet."""
    with django_capture_on_commit_callbacks() as callbacks:
        member_client.post(reverse("tracker:report-request", args=[project.pk]))

    assert len(callbacks) == 1
    assert not Report.objects.get().is_ready


def test_report_is_asked_for_again_while_it_is_made(
    member_client: Client, project: Project
) -> None:
    url = reverse("tracker:report-request", args=[project.pk])
    first, again = member_client.post(url), member_client.post(url)

    assert first["Location"] == again["Location"]


def test_finished_report_is_followed_by_another(
    member_client: Client, report: Report
) -> None:
    url = reverse("tracker:report-request", args=[report.project.pk])

    assert member_client.post(url)["Location"] != report.get_absolute_url()


def test_download(member_client: Client, report: Report) -> None:
    response = member_client.get(reverse("tracker:report-download", args=[report.pk]))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    expected = f'attachment; filename="tasks-{report.pk}.csv"'
    assert response["Content-Disposition"] == expected
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith("\ufeffNumber,Title,".encode())


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


# The list


@pytest.fixture
def tasks(task: Task, member: User) -> dict[str, Task]:
    yesterday = timezone.localdate() - timedelta(days=1)
    rows = {
        "late": {"due_date": yesterday, "description": "Needs the new KEY"},
        "done": {"status": Status.DONE, "due_date": yesterday},
        "mine": {"assignee": member},
    }
    Task.objects.all().delete()
    return {
        title: Task.objects.create(project=task.project, title=title, **values)
        for title, values in rows.items()
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "done", "mine"}),
        ("overdue=on", {"late"}),
        ("mine=on", {"mine"}),
        ("status=done", {"done"}),
        ("search=key", {"late"}),
        ("search=LAT", {"late"}),
        ("search=nothing", set()),
        ("status=lost", {"late", "done", "mine"}),
        ("project=999999", {"late", "done", "mine"}),
        ("project=x", {"late", "done", "mine"}),
        ("page=x", {"late", "done", "mine"}),
        ("page=999", {"late", "done", "mine"}),
        ("search=%00", {"late", "done", "mine"}),
    ],
)
def test_filters(
    member_client: Client, tasks: dict[str, Task], query: str, expected: set[str]
) -> None:
    response = member_client.get(f"/tasks/?{query}")

    assert {task.title for task in response.context["page"]} == expected


def test_filter_by_project(
    member_client: Client, tasks: dict[str, Task], member: User, project: Project
) -> None:
    other = Project.objects.create(name="Other", owner=member)
    other.members.add(member)
    response = member_client.get(f"/tasks/?project={other.pk}")

    assert list(response.context["page"]) == []
    assert "No task is like this." in response.content.decode()


def test_filter_offers_own_projects_only(
    member_client: Client, project: Project, stranger: User
) -> None:
    Project.objects.create(name="Secret", owner=stranger).members.add(stranger)
    page = member_client.get("/tasks/").content.decode()

    assert "Launch" in page
    assert "Secret" not in page


def test_pages_keep_the_filter(member_client: Client, project: Project) -> None:
    Task.objects.bulk_create(
        Task(project=project, title=f"Task {number}") for number in range(26)
    )
    page = member_client.get("/tasks/?status=open&page=1").content.decode()

    assert "?status=open&amp;page=2" in page


# Queries


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
