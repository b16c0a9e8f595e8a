"""The bell reports errors, undoes what failed, and recovers."""

import re

import pytest

from tests.browser.test_bell import bell, empty_mailbox, rows, seconds

__all__ = ["empty_mailbox"]  # a fixture, used by these tests too

SESSION = re.compile("sessionid$")


def toast(page, text):
    return page.locator("#toast", has_text=text)


@pytest.fixture
def visitor(site, visit):
    for title in ("One", "Two", "Three"):
        site.notify(title)
    return visit("ada")


@pytest.fixture
def page(visitor):
    page = visitor.open()
    bell(page).click()
    rows(page).nth(2).wait_for()
    return page


def test_failed_dismissal_is_reverted(visitor, page):
    visitor.expected = ("500",)
    page.route("**/dismiss/", lambda route: route.fulfill(status=500))
    rows(page).nth(1).get_by_role("button", name="Dismiss").click()
    toast(page, "That didn't work.").wait_for()

    assert rows(page).count() == 3
    assert "That didn't work." in page.locator("#bell-news").inner_text()


def test_dismissal_shows_immediately(page):
    held = []
    page.route("**/dismiss/", lambda route: held.append(route))
    rows(page).nth(1).get_by_role("button", name="Dismiss").click()
    rows(page).nth(2).wait_for(state="detached")

    assert held
    assert page.locator("[data-badge]").inner_text() == "2"
    held[0].continue_()
    toast(page, "Notification dismissed.").wait_for()


WATCH = """() => {
    const rows = document.getElementById("bell-rows");
    window.seen = [];
    new MutationObserver(() => seen.push(rows.textContent.includes("Four")))
        .observe(rows, {childList: true});
}"""


def test_late_response_does_not_show_older_state(site, page):
    held = []
    page.route("**/dismiss/", lambda route: held.append((route, route.fetch())))
    rows(page).nth(1).get_by_role("button", name="Dismiss").click()
    while not held:
        page.wait_for_timeout(50)
    site.notify("Four")
    page.evaluate(WATCH)
    with page.expect_response("**/poll/"):
        page.evaluate("dispatchEvent(new Event('themis:changed'))")
    [(route, response)] = held
    route.fulfill(response=response)
    toast(page, "Notification dismissed.").wait_for()
    rows(page).filter(has_text="Four").wait_for()

    seen = page.evaluate("seen")
    assert seen == sorted(seen)  # it has not gone again


def test_dismissal_is_undone(page):
    rows(page).nth(1).get_by_role("button", name="Dismiss").click()
    page.get_by_role("button", name="Undo").click()
    rows(page).nth(2).wait_for(state="attached")

    assert "Two" in rows(page).nth(1).text_content()


def test_read_notification_is_marked_as_unread(page):
    row = rows(page).first
    row.get_by_role("button", name="Mark as read").click()
    page.locator("[data-badge]", has_text=re.compile("^2$")).wait_for()
    row.get_by_role("button", name="Mark as unread").click()
    page.locator("[data-badge]", has_text=re.compile("^3$")).wait_for()


def test_signed_out_user_sees_a_message(visitor, page):
    visitor.expected = ("401",)
    other = visitor.open()
    visitor.context.clear_cookies(name=SESSION)
    for tab in (page, other):
        toast(tab, "You are signed out.").wait_for()
    toast(page, "You are signed out.").get_by_role("link", name="Sign in").click()

    page.locator("[name=login]").wait_for()
    assert page.url.endswith("?next=/")


def test_tab_recovers_when_it_is_shown_again(visitor, page):
    visitor.expected = ("401",)
    cookies = visitor.context.cookies()
    visitor.context.clear_cookies(name=SESSION)
    toast(page, "You are signed out.").wait_for()
    visitor.context.add_cookies(cookies)
    seconds(page, 0.5)
    page.evaluate("dispatchEvent(new Event('online'))")

    toast(page, "You are signed out.").wait_for(state="hidden")


def test_page_of_another_user_is_reloaded(site, visitor, page, log_in):
    visitor.context.add_cookies(log_in("grace")["cookies"])
    page.get_by_role("button", name=re.compile("^Menu of Grace")).wait_for()

    assert not page.locator("#bell-badge").is_visible()


@pytest.mark.parametrize("event", ["online", "focus"])
def test_polls_immediately_on_reconnect_or_focus(site, visitor, page, event):
    visitor.expected = ("503",)
    page.route("**/poll/", lambda route: route.fulfill(status=503))
    seconds(page, 6)  # by now it would back off for longer than this test waits
    page.unroute("**/poll/")
    site.notify("Four")
    page.evaluate("name => dispatchEvent(new Event(name))", event)

    page.locator("[data-badge]", has_text=re.compile("^4$")).wait_for(timeout=3000)
