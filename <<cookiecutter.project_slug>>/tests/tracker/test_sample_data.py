from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from themis.models import UserNotification, UserProfile
from tracker import urls
from tracker.models import Comment, Invitation, Project, Report, Task
from tracker.sample_data.data import DEMO, PEOPLE, Person

pytestmark = pytest.mark.django_db


def output() -> str:
    stdout = StringIO()
    call_command("load_sample_data", stdout=stdout)
    return stdout.getvalue()


@pytest.fixture
def development(settings: Settings) -> None:
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sample_data(development: None) -> None:
    output()


def test_load_sample_data_refuses_production(settings: Settings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("load_sample_data")
    assert not User.objects.exists()


def test_load_sample_data_prints_how_to_sign_in(development: None) -> None:
    """`make demo` prints the last line."""
    assert DEMO in output().splitlines()[-1]


def test_load_sample_data_again_changes_nothing(sample_data: None) -> None:
    models = [User, UserProfile, UserNotification, Project, Invitation]
    models += [Task, Comment, Report]
    before = [list(model._default_manager.values()) for model in models]
    output()

    assert [list(model._default_manager.values()) for model in models] == before


PAGES = [each.name for each in urls.urlpatterns if "<" not in str(each.pattern)]


@pytest.mark.parametrize("name", PAGES)
def test_sample_pages(sample_data: None, client: Client, name: str) -> None:
    client.force_login(User.objects.get(username=DEMO))

    assert client.get(reverse(f"tracker:{name}")).status_code == 200


LOGIN = reverse("account_login")


@pytest.mark.parametrize("person", PEOPLE[:2])
def test_sign_in_page_signs_in_as_a_sample_user(
    sample_data: None, client: Client, person: Person
) -> None:
    form = {"login": person.username, "password": DEMO}
    page = client.get(LOGIN).text
    for name, value in form.items():
        assert f'type="hidden" name="{name}" value="{value}"' in page
    client.post(LOGIN, form)

    assert client.get(reverse("tracker:home")).context["user"].username == (
        person.username
    )


def test_sign_in_page_offers_no_users_in_production(
    sample_data: None, client: Client, settings: Settings
) -> None:
    settings.DEBUG = False

    assert 'type="hidden" name="password"' not in client.get(LOGIN).text


def test_sign_in_page_offers_no_users_without_sample_data(
    development: None, client: Client
) -> None:
    assert 'type="hidden" name="password"' not in client.get(LOGIN).text
