import pytest

from tests.browser.accessibility import check

PAGES = {
    "my tasks": "/",
    "tasks": "/tasks/",
    "no tasks": "/tasks/?search=nothing-is-called-so",
    "task": "/tasks/1/",
    "edit task": "/tasks/1/edit/",
    "delete task": "/tasks/1/delete/",
    "projects": "/projects/",
    "new project": "/projects/new/",
    "project": "/projects/1/",
    "edit project": "/projects/1/edit/",
    "invitation": "/invitations/3/",
    "delete project": "/projects/1/delete/",
    "new task": "/projects/1/tasks/new/",
    "report": "/reports/1/",
    "notifications": "/notifications/",
}


@pytest.fixture
def language(site, look):
    site.prefer("demo", language="ar" if look.get("locale") == "ar" else "en")
    yield
    site.prefer("demo", language="en")


def test_pages(visit, site, look, language, axe):
    page = visit("demo", base_url=site.url, **look).context.new_page()
    assert check(page, PAGES, axe) == {}
