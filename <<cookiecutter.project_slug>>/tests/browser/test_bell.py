import re

import pytest

from tests.browser.site import POLL_INTERVAL

# Record desktop notifications instead of showing them.
NOTIFICATIONS = """
window.shown = [];
window.asked = 0;
window.Notification = class {
  static permission = "%s";
  static async requestPermission() {
    window.asked++;
    this.permission = "granted";
  }
  constructor(title, options) {
    window.shown.push(this);
    Object.assign(this, options, { title });
  }
};
"""

# Record which of the browser's own desktop notifications it showed.
REAL_NOTIFICATIONS = """
window.shown = [];
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    this.addEventListener("show", () => window.shown.push(this));
  }
};
"""


@pytest.fixture(autouse=True)
def empty_mailbox(site):
    site.run(
        "from themis.models import UserNotification as N\nN.objects.all().delete()"
    )
    site.prefer(browser_notifications=False)


def bell(page):
    return page.get_by_role("button", name=re.compile("^Notifications"))


def rows(page):
    return page.locator("#bell-rows > li")


def seconds(page, number):
    page.wait_for_timeout(number * 1000)


def hide(page, hidden):
    page.evaluate(
        """value => {
          Object.defineProperty(document, "hidden", { value, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def without_polling(route):
    """Serve the page as with THEMIS_NOTIFICATION_POLL_INTERVAL = 0."""
    answer = route.fetch()
    interval = f'data-interval="{POLL_INTERVAL}"'
    assert interval in answer.text()
    body = answer.text().replace(interval, 'data-interval="0"')
    route.fulfill(response=answer, body=body)


def test_shows_count_and_newest(site, visit):
    for number in range(12):
        site.notify(f"Number {number}")
    page = visit("ada").open()
    assert bell(page).inner_text().split() == ["Notifications", "12", "unread"]
    bell(page).click()
    rows(page).first.wait_for()
    assert rows(page).count() == 10
    assert "Number 11" in rows(page).first.inner_text()


def test_opening_fetches_rows_before_the_next_poll(site, visit):
    site.notify("One")
    visitor = visit("ada")
    visitor.context.route(f"{site.url}/", without_polling)
    page = visitor.open()
    assert rows(page).count() == 0
    bell(page).click()
    rows(page).first.wait_for()
    assert visitor.polls() == 1
    page.keyboard.press("Escape")
    bell(page).click()
    assert rows(page).first.is_visible()
    assert visitor.polls() == 1


def test_page_count_is_not_announced_as_new(site, visit):
    site.notify("One")
    page = visit("ada").open()
    bell(page).click()
    rows(page).first.wait_for()
    assert page.locator("#bell-news").inner_text() == ""


def test_tab_without_rows_gets_them_after_another_tabs_304(site, visit):
    site.notify("One")
    visitor = visit("ada")
    first = visitor.open()
    rows(first).first.wait_for(state="attached")
    second = visitor.open()
    seconds(second, 1.5 * POLL_INTERVAL)  # the first one polls, and shares the result
    bell(second).click()
    rows(second).first.wait_for()


def test_without_scripts_bell_links_to_the_list(site, visit):
    site.notify("One")
    page = visit("ada", java_script_enabled=False).open()
    assert not bell(page).is_visible()
    link = page.get_by_role("link", name=re.compile("^Notifications"))
    assert link.inner_text().split() == ["Notifications", "1", "unread"]
    link.click()
    page.wait_for_url("**/notifications/")


def test_open_marks_as_read_and_goes_there(site, visit):
    site.notify("Look at the form", url="/form/")
    page = visit("ada").open()
    bell(page).click()
    page.get_by_role("button", name="Look at the form").click()
    page.wait_for_url("**/form/")
    assert not page.locator("#bell-badge").is_visible()


def test_link_to_another_site_is_shown_first(site, visit):
    site.notify("Elsewhere", url="https://example.com/")
    page = visit("ada").open()
    bell(page).click()
    page.get_by_role("button", name="Elsewhere").click()
    page.get_by_role("link", name="https://example.com/").wait_for()


def test_mark_all_as_read(site, visit):
    site.notify("One")
    site.notify("Two")
    page = visit("ada").open("/form/")
    bell(page).click()
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_text("2 notifications marked as read.").wait_for()
    assert page.url == f"{site.url}/form/"
    assert not page.locator("#bell-badge").is_visible()


def test_read_and_dismiss_in_place(site, visit):
    site.notify("One")
    site.notify("Two")
    page = visit("ada").open()
    bell(page).click()
    rows(page).first.get_by_role("button", name="Mark as read").click()
    page.locator("[data-badge]", has_text=re.compile("^1$")).wait_for()
    rows(page).last.get_by_role("button", name="Dismiss").click()
    rows(page).nth(1).wait_for(state="detached")
    assert rows(page).first.is_visible()  # the popover stays open
    assert not page.locator("#bell-badge").is_visible()
    page.locator("#toast", has_text="Notification dismissed.").wait_for()
    page.reload()
    rows(page).first.wait_for(state="attached")
    assert rows(page).count() == 1


def test_keyboard_focus_stays(site, visit):
    for title in ("One", "Two", "Three"):
        site.notify(title)
    page = visit("ada").open()
    bell(page).click()
    rows(page).nth(1).get_by_role("button", name="Mark as read").focus()
    page.keyboard.press("Enter")
    page.locator("#bell-rows button[title='Mark as unread']:focus").wait_for()
    page.keyboard.press("Tab")
    dismiss = page.locator("#bell-rows button[title=Dismiss]:focus")
    dismiss.wait_for()
    for left in (2, 1):
        page.keyboard.press("Enter")
        rows(page).nth(left).wait_for(state="detached")
        dismiss.wait_for()
    site.notify("Four")
    rows(page).nth(1).wait_for()
    focused = rows(page).filter(has=page.locator(":focus"))
    assert "Three" in focused.inner_text()
    page.keyboard.press("Enter")
    rows(page).nth(1).wait_for(state="detached")
    dismiss.wait_for()
    page.keyboard.press("Enter")
    page.locator("#bell a:focus").wait_for()


def test_poll_shows_and_announces_new_rows(site, visit):
    page = visit("ada").open()
    site.notify("Deployed", message="Version 2 is out.", level="success")
    page.locator("[data-badge]", has_text="1").wait_for()
    assert page.locator("#bell-news").inner_text() == "New notification: Deployed"
    bell(page).click()
    assert rows(page).first.inner_text().split("\n")[:2] == [
        "Deployed",
        "Version 2 is out.",
    ]
    assert page.get_by_role("img", name="Success").is_visible()


def test_text_is_escaped_in_the_bell(site, visit):
    page = visit("ada").open()
    title = "<img src=x onerror=alert(1)>"
    site.notify(title, message="<b>bold</b>")
    rows(page).first.wait_for(state="attached")
    bell(page).click()
    assert title in rows(page).first.inner_text()
    assert rows(page).locator("img, b").count() == 0


def test_unchanged_mailbox_is_304(site, visit):
    site.notify("One")
    visitor = visit("ada")
    statuses = []
    visitor.context.on(
        "response",
        lambda answer: "/poll/" in answer.url and statuses.append(answer.status),
    )
    seconds(visitor.open(), 3.5 * POLL_INTERVAL)
    assert statuses[:3] == [200, 304, 304]


def test_one_poll_for_all_tabs(site, visit):
    visitor = visit("ada")
    tabs = [visitor.open() for _ in range(4)]
    before = visitor.polls()
    seconds(tabs[0], 4 * POLL_INTERVAL)
    assert 2 <= visitor.polls() - before <= 5
    site.notify("For all")
    for tab in tabs:
        tab.locator("[data-badge]", has_text="1").wait_for()


def test_another_tab_takes_over(site, visit):
    visitor = visit("ada")
    first, second = visitor.open(), visitor.open()
    first.close()
    site.notify("Taken over")
    second.locator("[data-badge]", has_text="1").wait_for()


def test_no_poll_while_hidden(site, visit):
    visitor = visit("ada")
    page = visitor.open()
    hide(page, True)
    seconds(page, 0.5)
    before = visitor.polls()
    seconds(page, 3 * POLL_INTERVAL)
    assert visitor.polls() == before
    site.notify("While you were away")
    hide(page, False)
    page.locator("[data-badge]", has_text="1").wait_for()


def test_backs_off_after_errors_and_recovers(site, visit):
    visitor = visit("ada")
    visitor.expected = ("503",)
    page = visitor.open()
    page.route("**/poll/", lambda route: route.fulfill(status=503))
    before = visitor.polls()
    seconds(page, 7 * POLL_INTERVAL)
    assert 2 <= visitor.polls() - before <= 4
    page.unroute("**/poll/")
    site.notify("Back again")
    page.locator("[data-badge]", has_text="1").wait_for(timeout=20_000)


def test_stops_when_logged_out_elsewhere(site, visit):
    visitor = visit("ada")
    visitor.expected = ("401",)
    page = visitor.open()
    visitor.context.clear_cookies()
    seconds(page, 2 * POLL_INTERVAL)
    before = visitor.polls()
    seconds(page, 3 * POLL_INTERVAL)
    assert visitor.polls() == before


def test_logging_out_stops_all_tabs(site, visit):
    visitor = visit()
    page = visitor.context.new_page()
    site.sign_in(page, "joan")
    other = visitor.open()
    page.get_by_role("button", name=re.compile("^Menu of Joan")).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
    before = visitor.polls()
    seconds(other, 3 * POLL_INTERVAL)
    assert visitor.polls() == before


def test_interval_0_switches_polling_off(site, visit):
    visitor = visit("ada")
    visitor.context.route(f"{site.url}/", without_polling)
    seconds(visitor.open(), 3 * POLL_INTERVAL)
    assert visitor.polls() == 0


def test_desktop_notification_is_shown_by_one_tab(site, visit):
    site.prefer(browser_notifications=True)
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "granted")
    tabs = [visitor.open() for _ in range(3)]
    site.notify("Deployed", message="Version 2", url="/form/")
    for tab in tabs:
        tab.locator("[data-badge]", has_text="1").wait_for()
    shown = [
        tab.evaluate("shown.map(({title, body}) => [title, body])") for tab in tabs
    ]
    assert sum(shown, []) == [["Deployed", "Version 2"]]
    tab = tabs[[len(notifications) for notifications in shown].index(1)]
    tab.evaluate("shown[0].onclick()")
    tab.wait_for_url("**/form/")
    assert not tab.locator("#bell-badge").is_visible()


def test_browser_itself_shows_the_desktop_notification(site, visit):
    site.prefer(browser_notifications=True)
    visitor = visit("ada")
    visitor.context.grant_permissions(["notifications"], origin=site.url)
    visitor.context.add_init_script(REAL_NOTIFICATIONS)
    page = visitor.open()
    site.notify("Deployed", message="Version 2", url="/form/")
    page.locator("[data-badge]", has_text="1").wait_for()
    for _ in range(50):
        if page.evaluate("shown.length"):
            break
        seconds(page, 0.1)
    assert page.evaluate("[shown[0].title, shown[0].body]") == ["Deployed", "Version 2"]
    page.evaluate("shown[0].dispatchEvent(new Event('click'))")
    page.wait_for_url("**/form/")


def test_desktop_notification_reaches_a_hidden_page(site, visit):
    site.prefer(browser_notifications=True)
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "granted")
    page = visitor.open()
    hide(page, True)
    site.notify("Deployed")
    page.locator("[data-badge]", has_text="1").wait_for(state="attached")
    assert page.evaluate("shown.map(({title}) => title)") == ["Deployed"]


def test_no_desktop_notification_unless_opted_in(site, visit):
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "granted")
    page = visitor.open()
    site.notify("Deployed")
    page.locator("[data-badge]", has_text="1").wait_for()
    assert page.evaluate("shown.length") == 0


def test_permission_is_asked_for_only_on_the_click(site, visit):
    site.prefer(browser_notifications=True)
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "default")
    page = visitor.open()
    seconds(page, 2 * POLL_INTERVAL)
    assert page.evaluate("asked") == 0
    bell(page).click()
    page.get_by_role("button", name="Show desktop notifications").click()
    assert page.evaluate("asked") == 1
    assert not page.locator("#bell-desktop").is_visible()


def test_permission_is_asked_for_when_the_setting_is_ticked(visit):
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "default")
    page = visitor.open("/settings/")
    state = page.locator("[data-permission]:visible")
    assert page.evaluate("asked") == 0
    assert state.get_attribute("data-permission") == "default"
    page.get_by_label("Show desktop notifications").check()
    assert page.evaluate("asked") == 1
    page.locator("[data-permission=granted]").wait_for()
    assert state.count() == 1


def test_settings_say_what_to_do_after_a_denial(visit):
    visitor = visit("ada")
    visitor.context.add_init_script(NOTIFICATIONS % "denied")
    page = visitor.open("/settings/")
    state = page.locator("[data-permission]:visible")
    assert state.inner_text().startswith("Blocked in this browser. To allow it again,")


def test_escape_closes(visit):
    page = visit("ada").open()
    bell(page).focus()
    page.keyboard.press("Enter")
    assert page.locator("#bell").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#bell").is_visible()
