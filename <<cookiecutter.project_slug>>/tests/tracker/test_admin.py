import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tracker.models import Comment, Invitation, Project, Report, Task

MODELS = [Project, Task, Comment, Invitation, Report]
MANY = [User, *MODELS]


@pytest.fixture
def boss_client(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def fill(project: Project, count: int) -> None:
    for _number in range(count):
        user = User.objects.create_user(f"u{User.objects.count()}")
        project = Project.objects.create(name="P", owner=user)
        task = Task.objects.create(project=project, title="T", assignee=user)
        Comment.objects.create(task=task, author=user, text="Hi")
        Report.objects.create(project=project, requested_by=user)
        Invitation.objects.create(project=project, user=user, invited_by=user)


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_no_more_queries_for_more_rows(
    boss_client: Client,
    project: Project,
    model: type,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse(f"admin:tracker_{model.__name__.lower()}_changelist")
    fill(project, 2)
    with django_assert_max_num_queries(30) as few:
        assert boss_client.get(url).status_code == 200
    fill(project, 5)

    with django_assert_max_num_queries(len(few)):
        boss_client.get(url)


def test_list_of_reports_does_not_load_the_files(
    boss_client: Client,
    project: Project,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(project, 1)
    with django_assert_max_num_queries(30) as queries:
        boss_client.get(reverse("admin:tracker_report_changelist"))

    assert not any('"content"' in query["sql"] for query in queries)


@pytest.mark.parametrize("model", MODELS)
def test_search(boss_client: Client, task: Task, model: type) -> None:
    url = reverse(f"admin:tracker_{model.__name__.lower()}_changelist")

    assert boss_client.get(url, {"q": "x"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_users_and_tasks_are_not_listed_in_a_select(model: type) -> None:
    shown = admin.site._registry[model]
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        if field.related_model in MANY and field.name not in shown.autocomplete_fields:
            pytest.fail(
                f'Add "{field.name}" to autocomplete_fields of {type(shown).__name__} '
                "in tracker/admin.py: a select with all of them takes megabytes.",
                pytrace=False,
            )
