"""Each page in each look: accessible to axe-core, not wider than the screen."""

from pathlib import Path

import pytest
from django.conf import settings

from .conftest import missing

AXE = Path(settings.BASE_DIR) / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

VISITOR = {
    "log in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "password reset": "/accounts/password/reset/",
    "password reset, sent": "/accounts/password/reset/done/",
    "password reset, bad link": "/accounts/password/reset/key/1-bad/",
    "account inactive": "/accounts/inactive/",
    "not found, visitor": "/nothing/",
}
USER = {
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
    "delete project": "/projects/1/delete/",
    "new task": "/projects/1/tasks/new/",
    "report": "/reports/1/",
    "notifications": "/notifications/",
    "no notifications": "/notifications/?state=read&level=danger",
    "settings": "/settings/",
    "API keys": "/settings/api-keys/",
    "new API key": "/settings/api-keys/new/",
    "e-mail addresses": "/accounts/email/",
    "change password": "/accounts/password/change/",
    "confirm access": "/accounts/reauthenticate/",
    "second factors": "/accounts/2fa/",
    "authenticator app": "/accounts/2fa/totp/activate/",
    "passkeys": "/accounts/2fa/webauthn/",
    "new passkey": "/accounts/2fa/webauthn/add/",
    "sessions": "/accounts/sessions/",
    "documentation of the API": "/api/v1/docs/",
    "log out": "/accounts/logout/",
    "not found": "/nothing/",
}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "rtl": {"viewport": {"width": 390, "height": 844}, "locale": "ar"},
}


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        missing("axe-core is not installed: `make test-browser` installs it.")
    return AXE.read_text()


@pytest.fixture(params=LOOKS)
def look(request, site):
    site.prefer(language="ar" if request.param == "rtl" else "en", theme="system")
    yield LOOKS[request.param]
    site.prefer(language="en")


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate(
        "tags => axe.run({ runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def check(page, paths, axe):
    found = {}
    for name, path in paths.items():
        page.goto(path)
        if problems := violations(page, axe):
            found[name] = problems
        if too_wide := overflow(page):
            found[f"{name}, width"] = too_wide
    return found


def test_pages_of_a_visitor(visit, site, look, axe):
    visitor = visit(base_url=site.url, **look)
    visitor.expected = ("404",)
    assert check(visitor.context.new_page(), VISITOR, axe) == {}


def test_pages_of_a_user(visit, site, look, axe):
    visitor = visit("demo", base_url=site.url, **look)
    visitor.expected = ("404",)
    page = visitor.context.new_page()
    assert check(page, USER, axe) == {}
    rtl = look.get("locale") == "ar"
    assert page.locator("html").get_attribute("dir") == ("rtl" if rtl else "ltr")


@pytest.mark.parametrize("popover", ["bell", "user-menu"])
def test_popovers(visit, look, axe, popover):
    page = visit("demo", **look).open()
    page.locator(f"[popovertarget={popover}]").click()
    assert violations(page, axe) == []
    assert overflow(page) == 0
    box = page.locator(f"#{popover}").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_calendar(visit, look, axe):
    page = visit("demo", **look).open("/tasks/1/edit/")
    page.locator("[data-calendar-for]").click()
    page.locator("calendar-month").wait_for()
    assert violations(page, axe) == []
    assert overflow(page) == 0
    box = page.locator("calendar-date").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_form_with_errors(visit, look, axe):
    page = visit("demo", **look).open("/projects/new/")
    page.locator("form:not([data-log-out]):has(input[type=text])").evaluate(
        "form => { form.noValidate = true; form.requestSubmit(); }"
    )
    page.locator("[aria-invalid=true]").first.wait_for()
    assert violations(page, axe) == []


def test_messages(visit, site, look, axe):
    site.notify("One")
    page = visit("demo", **look).open("/notifications/")
    page.locator("#content button[name=up_to]").first.click()
    page.locator("[role=status].alert").wait_for()
    assert violations(page, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_comes_with_the_page(visit, site, theme):
    site.prefer(theme=theme)
    page = visit("demo", java_script_enabled=False, color_scheme="light").open()
    assert page.locator("html").get_attribute("data-theme") == theme
    dark = theme == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == (
        "dark" if dark else "light"
    )
    site.prefer(theme="system")


def test_keyboard_reaches_the_content_at_once(visit):
    page = visit("demo").open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_header_covers_nothing_that_has_the_focus(visit):
    page = visit("demo").open("/settings/")
    page.get_by_role("button", name="Save").focus()
    header = page.locator("header").bounding_box()["height"]
    tops = []
    while page.locator("main :focus").count():
        tops.append(page.locator(":focus").bounding_box()["y"])
        page.keyboard.press("Shift+Tab")
    assert len(tops) > 10
    assert min(tops) >= header


def test_admin_keeps_its_own_look(visit):
    page = visit("demo").open("/admin/")
    assert page.locator("link[href*=themis]").count() == 0
