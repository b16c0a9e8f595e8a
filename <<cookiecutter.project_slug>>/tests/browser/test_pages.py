"""Every page in every theme: accessible, and not wider than the screen."""

import re

import pytest

from tests.browser.accessibility import check, overflow, violations

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
    "home": "/",
    "form": "/form/",
    "notifications": "/notifications/",
    "no notifications": "/notifications/?state=read&level=danger",
    "settings": "/settings/",
    "style guide": "/styleguide/",
    "e-mail addresses": "/accounts/email/",
    "change password": "/accounts/password/change/",
    "confirm access": "/accounts/reauthenticate/",
    "second factors": "/accounts/2fa/",
    "authenticator app": "/accounts/2fa/totp/activate/",
    "passkeys": "/accounts/2fa/webauthn/",
    "new passkey": "/accounts/2fa/webauthn/add/",
    "sessions": "/accounts/sessions/",
    "log out": "/accounts/logout/",
    "not found": "/nothing/",
}


def test_pages_of_a_visitor(visit, site, look, axe):
    visitor = visit(base_url=site.url, **look)
    visitor.expected = ("404",)
    assert check(visitor.context.new_page(), VISITOR, axe) == {}


def test_pages_of_a_user(visit, site, look, axe):
    visitor = visit("ada", base_url=site.url, **look)
    visitor.expected = ("404",)
    page = visitor.context.new_page()
    assert check(page, USER, axe) == {}
    rtl = look.get("locale") == "ar"
    assert page.locator("html").get_attribute("dir") == ("rtl" if rtl else "ltr")


@pytest.mark.parametrize("popover", ["bell", "user-menu"])
def test_popovers(visit, look, axe, popover):
    page = visit("ada", **look).open()
    page.locator(f"[popovertarget={popover}]").click()
    assert violations(page, axe) == []
    assert overflow(page) == 0
    box = page.locator(f"#{popover}").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_calendar(visit, look, axe):
    page = visit("ada", **look).open("/form/")
    page.locator("[data-calendar-for]").click()
    page.locator("calendar-month").wait_for()
    assert violations(page, axe) == []
    assert overflow(page) == 0
    box = page.locator("calendar-date").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_form_with_errors(visit, look, axe):
    page = visit("ada", **look).open("/form/")
    page.locator("form:not([data-log-out]):has(input[type=text])").evaluate(
        "form => { form.noValidate = true; form.requestSubmit(); }"
    )
    page.locator("[aria-invalid=true]").first.wait_for()
    assert violations(page, axe) == []


def test_messages(visit, site, look, axe):
    site.notify("One")
    page = visit("ada", **look).open("/notifications/")
    page.locator("#content button[name=up_to]").first.click()
    page.locator("[role=status].alert").wait_for()
    assert violations(page, axe) == []


def test_doubled_text_size_fits_a_phone(visit, site):
    page = visit("ada", viewport={"width": 390, "height": 844}).open()
    for path in ("/notifications/", "/settings/"):
        page.goto(f"{site.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) == 0, path


def test_rows_align_with_text_direction(visit, site):
    """Whatever the direction of their text."""
    site.prefer(language="ar")
    site.notify("Deployed", message="Version 2 is out.")
    page = visit("ada").open("/notifications/")
    for text in page.locator("[data-rows] > li").first.locator("p").all():
        outer = text.bounding_box()
        inner = text.locator("[dir=auto]").bounding_box()
        assert inner["x"] + inner["width"] == pytest.approx(outer["x"] + outer["width"])
    site.prefer(language="en")


def test_printing_is_on_white(visit):
    page = visit("ada", color_scheme="dark").open("/notifications/")
    page.emulate_media(media="print")
    color = page.locator("body").evaluate("body => getComputedStyle(body).background")
    assert "rgb(255, 255, 255)" in color
    assert not page.locator("header").first.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_in_the_first_response(visit, site, theme):
    site.prefer(theme=theme)
    page = visit("ada", java_script_enabled=False, color_scheme="light").open()
    assert page.locator("html").get_attribute("data-theme") == theme
    dark = theme == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == (
        "dark" if dark else "light"
    )
    site.prefer(theme="system")


def test_skip_link_reaches_the_content(visit):
    page = visit("ada").open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_header_never_covers_the_focus(visit):
    page = visit("ada").open("/settings/")
    page.get_by_role("button", name="Save").focus()
    header = page.locator("header").bounding_box()["height"]
    tops = []
    while page.locator("main :focus").count():
        tops.append(page.locator(":focus").bounding_box()["y"])
        page.keyboard.press("Shift+Tab")
    assert len(tops) > 10
    assert min(tops) >= header


def test_admin_keeps_its_own_look(visit):
    page = visit("ada").open("/admin/")
    assert page.locator("link[href*=themis]").count() == 0


def test_qr_code_can_be_scanned(visit, site, look):
    """Cameras can only read dark on light, in the dark theme too."""
    page = visit("ada", base_url=site.url, **look).open("/accounts/2fa/totp/activate/")
    color = page.locator("main img").evaluate(
        "image => getComputedStyle(image).backgroundColor"
    )
    assert min(int(channel) for channel in re.findall(r"\d+", color)[:3]) > 200
