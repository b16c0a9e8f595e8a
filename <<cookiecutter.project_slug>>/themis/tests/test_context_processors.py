import pytest
from django.contrib.auth.models import AnonymousUser

from themis.http.context_processors import themis

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chosen_theme(rf, user, theme):
    user.profile.theme = theme
    request = rf.get("/")
    request.user = user
    assert themis(request)["theme"] == theme


def test_theme_of_the_device(rf, user):
    request = rf.get("/")
    request.user = user
    assert "theme" not in themis(request)


def test_nobody(rf, settings):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert themis(request) == {"project_name": settings.PROJECT_NAME}


def test_before_authentication(rf, settings):
    assert themis(rf.get("/")) == {"project_name": settings.PROJECT_NAME}


def test_unused_bell_runs_no_query(rf, user, django_assert_num_queries):
    request = rf.get("/")
    request.user = user
    with django_assert_num_queries(0):
        themis(request)
