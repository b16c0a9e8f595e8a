"""The list of notifications: acting in place, undoing, asking before much is gone."""

import re

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
def test_asks_before_all_are_dismissed(visit, scripts):
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


def test_dismissed_ones_are_restored(visit):
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


def test_failure_is_said(visit):
    visitor = visit("ada")
    visitor.expected = ("ERR_FAILED", "net::")
    page = visitor.open(LIST)
    page.route("**/dismiss/", lambda route: route.abort())
    dismiss(page, "No. 5").click()
    page.locator("#toast", has_text="That did not work.").wait_for()

    assert rows(page).count() == 20


def test_whoever_is_signed_out_is_asked_to_sign_in(visit):
    visitor = visit("ada")
    visitor.expected = ("401",)
    page = visitor.open(LIST)
    visitor.context.clear_cookies(name=re.compile("sessionid$"))
    dismiss(page, "No. 5").click()
    page.get_by_label("Login").wait_for()

    assert page.url.endswith(f"?next={LIST}")
