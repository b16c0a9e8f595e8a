"""The notification list: actions in place, undo, confirmation of large deletions."""

import re
from urllib.parse import unquote

import pytest

LIST = "/notifications/"


@pytest.fixture(autouse=True)
def mailbox(site):
    site.run(
        "from accounts.models import User\n"
        "from themis.models import UserNotification as N\n"
        "N.objects.all().delete()\n"
        "user = User.objects.get(username='ada')\n"
        "N.objects.bulk_create(N(user=user, title=f'No. {i}') for i in range(20))"
    )


def rows(page):
    return page.locator("#mailbox [data-rows] > li")


def dismiss(page, title):
    return page.get_by_role("button", name=f"Dismiss “{title}”")


def test_acts_in_place(visit):
    page = visit("ada").open(LIST)
    page.evaluate("window.isTheSame = true")
    button = dismiss(page, "No. 5")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 notification dismissed.").wait_for()

    assert page.evaluate("window.isTheSame")
    assert rows(page).count() == 19
    assert before > 0
    assert abs(page.evaluate("scrollY") - before) < 100
    focused = page.locator(":focus")
    assert "No. 4" in focused.inner_text()
    page.locator("[data-badge]", has_text="19").wait_for()


def test_read_and_unread_in_place(visit):
    page = visit("ada").open(LIST)
    row = rows(page).nth(3)
    row.get_by_role("button", name=re.compile("^Mark as read")).focus()
    page.keyboard.press("Enter")
    unread = row.get_by_role("button", name=re.compile("^Mark as unread"))
    unread.wait_for()
    assert unread.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    row.get_by_role("button", name=re.compile("^Mark as read")).wait_for()


def test_undo(visit):
    page = visit("ada").open(LIST)
    dismiss(page, "No. 5").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("1 notification restored.").wait_for()

    assert rows(page).count() == 20


@pytest.mark.parametrize("scripts", [True, False])
def test_asks_before_dismissing_all(visit, scripts):
    page = visit("ada", java_script_enabled=scripts).open(LIST)
    everything = page.get_by_role("button", name="Dismiss all")
    everything.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    assert not dialog.is_visible()
    assert rows(page).count() == 20
    everything.click()
    dialog.get_by_role("button", name="Dismiss all").click()
    page.get_by_text("20 notifications dismissed.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("20 notifications restored.").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_bulk_actions_appear_when_rows_are_selected(visit, scripts):
    page = visit("ada", java_script_enabled=scripts).open(LIST)
    ticked = page.get_by_role("button", name="Mark selected as read")
    everything = page.get_by_role("button", name="Mark all as read")
    assert ticked.is_visible() is not scripts
    assert everything.is_visible()
    rows(page).nth(2).get_by_role("checkbox").check()
    assert ticked.is_visible()
    page.mouse.wheel(0, 500)
    ticked.click()
    page.get_by_text("1 notification marked as read.").wait_for()


def test_asks_before_dismissing_more_than_ten_selected(visit):
    page = visit("ada").open(LIST)
    dismiss_ticked = page.locator(".of-ticked > button").filter(has_text="Dismiss")
    for number in range(11):
        rows(page).nth(number).get_by_role("checkbox").check()
    dismiss_ticked.locator("visible=true").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    assert rows(page).count() == 20
    rows(page).nth(10).get_by_role("checkbox").uncheck()
    dismiss_ticked.locator("visible=true").click()
    page.get_by_text("10 notifications dismissed.").wait_for()


def test_keys(visit):
    page = visit("ada").open(LIST)
    press = page.keyboard.press

    def focused():
        return page.locator("#mailbox :focus").inner_text()

    for key in "jjjk":
        press(key)
    assert "No. 18" in focused()
    press("x")
    assert rows(page).nth(1).get_by_role("checkbox").is_checked()
    press("u")
    unread = page.get_by_role("button", name=re.compile("^Mark as unread “No. 18”"))
    unread.wait_for()
    assert "No. 18" in focused()
    press("e")
    page.get_by_text("1 notification dismissed.").wait_for()
    assert "No. 17" in focused()
    press("Control+e")
    page.get_by_label("Level").focus()
    press("e")
    assert rows(page).count() == 19

    press("j")  # in the select
    page.locator("#mailbox [data-open]").first.focus()
    press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    shortcuts = page.locator("[aria-keyshortcuts=e]")
    assert shortcuts.count() == 19
    dialog.get_by_role("checkbox").uncheck()
    assert shortcuts.count() == 0
    press("Escape")
    page.reload()
    page.locator("#mailbox [data-open]").first.focus()
    for key in "ex?":
        press(key)
    assert not dialog.is_visible()
    assert page.locator("[name=ids]:checked").count() == 0
    assert rows(page).count() == 19


def test_enter_opens(site, visit):
    site.notify("Look at the form", url="/form/")
    page = visit("ada").open(LIST)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/form/")


def test_new_arrivals_are_offered_counted_and_announced(site, visit):
    page = visit("ada").open(LIST)
    assert page.title().startswith("(20) ")
    icon = page.locator("link[rel=icon]")
    for number in (21, 22):
        site.notify(f"No. {number}")
        page.locator("[data-badge]", has_text=str(number)).wait_for()
    news = page.get_by_role("link", name="Show new notifications")
    assert news.inner_text().split()[-1] == "2"
    assert page.title().startswith("(22) ")
    assert ">22<" in unquote(icon.get_attribute("href"))
    assert page.locator("[data-count]").inner_text() == "22"
    assert "No. 22" in page.locator("#toast").inner_text()
    bell = page.locator("[popovertarget=bell] svg")
    animation = "sign => getComputedStyle(sign).animationName"
    assert bell.evaluate(animation) == "ring"
    page.emulate_media(reduced_motion="reduce")
    assert bell.evaluate(animation) == "none"
    news.click()
    rows(page).nth(21).wait_for()
    page.get_by_role("button", name="Mark all as read").click()
    page.locator("[data-count]").wait_for(state="hidden")
    assert page.title().startswith("Notifications")
    assert icon.get_attribute("href").endswith(".svg")


def test_actions_are_behind_a_button_on_phones(visit):
    page = visit("ada", viewport={"width": 390, "height": 844}).open(LIST)
    assert not dismiss(page, "No. 5").is_visible()
    page.get_by_role("button", name="Actions “No. 5”").click()
    dismiss(page, "No. 5").click()
    page.get_by_text("1 notification dismissed.").wait_for()
    assert "No. 4" in page.locator("#mailbox :focus").inner_text()


def test_restores_dismissed(visit):
    page = visit("ada").open(LIST)
    dismiss(page, "No. 7").click()
    page.get_by_text("1 notification dismissed.").wait_for()
    page.goto(f"{page.url}?state=dismissed")
    page.get_by_role("button", name="Restore “No. 7”").click()
    page.get_by_text("1 notification restored.").wait_for()

    assert rows(page).count() == 0


def test_without_scripts_it_returns_to_the_row(visit):
    page = visit("ada", java_script_enabled=False).open(LIST)
    page.get_by_role("button", name="Mark as read “No. 3”").click()
    page.wait_for_url(re.compile(r"#notification-\d+$"))

    row = page.locator("li:target")
    assert "No. 3" in row.inner_text()
    assert row.bounding_box()["y"] < page.viewport_size["height"]


def test_failure_shows_a_message(visit):
    visitor = visit("ada")
    visitor.expected = ("ERR_FAILED", "net::")
    page = visitor.open(LIST)
    page.route("**/dismiss/", lambda route: route.abort())
    dismiss(page, "No. 5").click()
    page.locator("#toast", has_text="That didn't work.").wait_for()

    assert rows(page).count() == 20


def test_signed_out_user_is_asked_to_sign_in(visit):
    visitor = visit("ada")
    visitor.expected = ("401",)
    page = visitor.open(LIST)
    visitor.context.clear_cookies(name=re.compile("sessionid$"))
    dismiss(page, "No. 5").click()
    page.locator("[name=login]").wait_for()

    assert page.url.endswith(f"?next={LIST}")
