"""The settings page, and its effects elsewhere."""

import pytest

IN_INDIA = {"timezone_id": "Asia/Calcutta"}


@pytest.fixture(autouse=True)
def preferences(site):
    usual = {
        "timezone": "UTC",
        "language": "en",
        "date_format": "Y-m-d",
        "time_format": "H:i",
        "theme": "system",
        "notification_retention_days": 90,
    }
    site.prefer(**usual)
    yield
    site.prefer(**usual)


def save(page):
    page.locator("main form .btn-primary").click()
    page.wait_for_load_state()


def test_a_preference_changes_every_page(site, visit):
    site.notify("Look at the clock")
    page = visit("ada").open("/settings/")
    page.get_by_label("Dates", exact=True).select_option("d.m.Y")
    page.get_by_label("Times", exact=True).select_option("g:i A")
    page.get_by_label("Theme", exact=True).select_option("dark")
    page.get_by_label("Language", exact=True).select_option("de")
    save(page)

    assert page.get_by_text("Einstellungen gespeichert.").is_visible()
    page.goto(f"{site.url}/notifications/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("html").get_attribute("lang") == "de"
    title = page.locator("main time").first.get_attribute("title")
    day, clock = title.split(" ", 1)
    assert day[2] == day[5] == "."
    assert clock.endswith(("vorm.", "nachm."))


def test_the_browsers_time_zone(visit):
    page = visit("ada", **IN_INDIA).open("/settings/")
    page.get_by_role("button", name="Use my browser’s time zone").click()
    save(page)

    assert page.get_by_label("Time zone", exact=True).input_value() == "Asia/Calcutta"


def test_the_preview_follows_the_form(visit):
    page = visit("ada").open("/settings/")
    page.clock.set_fixed_time("2026-03-09T23:05:00Z")
    page.get_by_label("Dates", exact=True).select_option("d.m.Y")
    preview = page.locator("output", has_text="09.03.2026 23:05 · 1,234,567.89")
    preview.wait_for()
    page.get_by_label("Time zone", exact=True).select_option("Asia/Kolkata")
    page.get_by_label("Times", exact=True).select_option("g:i A")
    page.get_by_label("Numbers").select_option("12,34,567.89")
    page.locator("output", has_text="10.03.2026 4:35 AM · 12,34,567.89").wait_for()


def test_without_javascript(visit):
    page = visit("ada", java_script_enabled=False).open("/settings/")
    page.get_by_role("button", name="Send me a test notification").click()
    assert page.get_by_text("Sent. It is in your bell.").is_visible()
    assert page.locator("[data-permission]:visible").count() == 0
    assert not page.locator("[data-browser-zone-for]").is_visible()
    page.get_by_label("Time zone", exact=True).select_option("Asia/Kolkata")
    save(page)

    assert page.get_by_text("Settings saved.").is_visible()
    assert page.get_by_label("Time zone", exact=True).input_value() == "Asia/Kolkata"


def test_errors_are_beside_the_field(visit):
    page = visit("ada").open("/settings/")
    days = page.get_by_label("Days until read notifications are deleted")
    days.fill("9999")
    page.get_by_label("Dates", exact=True).select_option("d.m.Y")
    save(page)

    described_by = days.get_attribute("aria-describedby").split()
    assert "id_notification_retention_days_error" in described_by
    error = page.locator("#id_notification_retention_days_error").inner_text()
    assert error.startswith("Ensure this value is less than or equal to")
    assert days.input_value() == "9999"
    assert page.get_by_label("Dates", exact=True).input_value() == "d.m.Y"

    assert "Error: Settings" in page.title()
    summary = page.get_by_role("alert")
    assert summary.evaluate("alert => alert === document.activeElement")
    summary.get_by_role("link").click()
    assert days.evaluate("days => days === document.activeElement")


def test_leaving_unsaved_changes_asks_first(site, visit):
    page = visit("ada").open("/settings/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{site.url}/settings/")
    assert asked == []

    page.get_by_label("Theme", exact=True).select_option("dark")
    save(page)
    assert asked == []
    page.get_by_label("Theme", exact=True).select_option("light")
    page.goto(f"{site.url}/notifications/")
    assert asked == ["beforeunload"]


def test_test_notification_keeps_the_form(site, visit):
    site.run(
        "from themis.models import UserNotification as N\nN.objects.all().delete()"
    )
    page = visit("ada").open("/settings/")
    page.get_by_label("Theme", exact=True).select_option("dark")
    page.get_by_role("button", name="Send me a test notification").click()
    page.locator("#test-answer", has_text="Sent. It is in your bell.").wait_for()

    page.locator("[data-badge]", has_text="1").wait_for()
    assert page.get_by_label("Theme", exact=True).input_value() == "dark"
