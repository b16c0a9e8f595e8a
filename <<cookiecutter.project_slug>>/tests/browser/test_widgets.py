"""Date fields: what native inputs submit, the text beside them, and the calendar."""

import re

import pytest


@pytest.fixture(autouse=True)
def preferences(site):
    site.prefer(language="en", timezone="Europe/Berlin", date_format="d.m.Y")
    yield
    site.prefer(timezone="UTC", date_format="Y-m-d")


@pytest.fixture
def form(visit):
    return visit("ada").open("/form/")


def test_value_is_described_in_the_users_format(form):
    form.get_by_label("Day").fill("2026-03-09")

    assert form.locator("#id_day_helptext").inner_text() == "09.03.2026"


def test_empty_input_has_no_description(form):
    form.get_by_label("Day").fill("2026-03-09")
    form.get_by_label("Day").fill("")

    assert form.locator("#id_day_helptext").inner_text() == ""


def test_a_date_is_saved_and_shown_in_the_users_format(form):
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Day").fill("2026-03-09")
    form.locator("main button[type=submit]").first.click()

    form.get_by_text("09.03.2026").first.wait_for()
    assert form.get_by_label("Day").input_value() == "2026-03-09"


@pytest.fixture
def calendar(site, visit):
    """Open the form with this widget for its date, March 9, 2026."""

    def calendar(widget):
        html = site.run(
            "from datetime import date\n"
            "from themis.formatting import override\n"
            "from themis.forms import *\n"
            "from themis.models import UserProfile\n"
            "with override(UserProfile.objects.get(user__username='ada')):\n"
            f"    widget = {widget}(calendar=True)\n"
            "    day, attrs = date(2026, 3, 9), {'id': 'id_day'}\n"
            "    answer = widget.render('day', day, attrs)"
        )

        def exchange(route):
            response = route.fetch()
            ours = re.compile('<div class="join.*</calendar-date>\\s*</div>', re.DOTALL)
            body = ours.sub(html, response.text())
            route.fulfill(response=response, body=body)

        page = visit("ada").context.new_page()
        page.route("**/form/", exchange)
        page.goto(f"{site.url}/form/")
        return page

    return calendar


def open_calendar(page):
    page.get_by_role("button", name="Choose from a calendar").press("Enter")
    wait_for_day(page, 9)


def choose(page, key, day):
    page.keyboard.press(key)
    wait_for_day(page, day)
    page.keyboard.press("Enter")
    page.locator("#id_day:focus").wait_for()


def wait_for_day(page, day):
    """Wait until the calendar has this focus."""
    focused = page.locator("calendar-month button:focus")
    focused.and_(page.get_by_text(str(day), exact=True)).wait_for()


def test_calendar_is_loaded_when_it_opens(visit):
    visitor = visit("ada")
    page = visitor.open("/form/")
    page.wait_for_load_state("networkidle")
    assert not any("cally" in request.url for request in visitor.requests)
    page.get_by_role("button", name="Choose from a calendar").click()
    page.locator("calendar-month").wait_for()


def test_calendar_works_by_keyboard(calendar):
    page = calendar("DateInput")
    open_calendar(page)
    choose(page, "ArrowRight", 10)

    assert page.get_by_label("Day").input_value() == "2026-03-10"
    assert page.locator("#id_day_helptext").inner_text() == "10.03.2026"
    page.locator("calendar-date").wait_for(state="hidden")


def test_calendar_closes_on_escape(calendar):
    page = calendar("DateInput")
    open_calendar(page)
    page.keyboard.press("Escape")

    page.locator("calendar-date").wait_for(state="hidden")
    assert page.get_by_label("Day").input_value() == "2026-03-09"


def test_calendar_keeps_the_time_of_day(calendar):
    page = calendar("DateTimeInput")
    page.get_by_label("Day").fill("2026-03-09T14:30")
    open_calendar(page)
    choose(page, "ArrowDown", 16)

    assert page.get_by_label("Day").input_value() == "2026-03-16T14:30"


@pytest.mark.parametrize("clock", ["14:30", "14:30:15", "2:30 PM", "2.30"])
def test_calendar_keeps_a_time_that_is_typed_in(calendar, clock):
    page = calendar("DateTimeTextInput")
    page.get_by_label("Day").fill(f"09.03.2026 {clock}")
    open_calendar(page)
    choose(page, "ArrowRight", 10)

    assert page.get_by_label("Day").input_value() == f"10.03.2026 {clock}"


def test_calendar_adds_a_time_where_there_is_none(calendar):
    page = calendar("DateTimeTextInput")
    page.get_by_label("Day").fill("09.03.2026")
    open_calendar(page)
    choose(page, "ArrowRight", 10)

    assert page.get_by_label("Day").input_value() == "10.03.2026 00:00"


def test_calendar_heading_is_the_month(calendar):
    page = calendar("DateTextInput")
    open_calendar(page)
    heading = page.locator("[slot=heading]")
    assert heading.inner_text() == "March 2026"
    page.keyboard.press("PageDown")

    heading.get_by_text("April 2026").wait_for()


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        ("d.m.Y", "10.03.2026"),
        ("m/d/Y", "03/10/2026"),
        ("j M Y", "10 Mar 2026"),
        ("M j, Y", "Mar 10, 2026"),
    ],
)
def test_calendar_writes_the_users_format(site, calendar, date_format, written):
    site.prefer(date_format=date_format)
    page = calendar("DateTextInput")
    open_calendar(page)
    choose(page, "ArrowRight", 10)

    assert page.get_by_label("Day").input_value() == written


@pytest.mark.parametrize(("first_day_of_week", "name"), [(1, "Monday"), (7, "Sunday")])
def test_calendar_starts_on_the_users_first_day(
    site, calendar, first_day_of_week, name
):
    site.prefer(first_day_of_week=first_day_of_week)
    page = calendar("DateInput")
    open_calendar(page)

    assert page.locator("calendar-month th").first.inner_text().startswith(name)
    site.prefer(first_day_of_week=1)


def test_no_calendar_without_javascript(site, visit):
    page = visit("ada", java_script_enabled=False).open("/form/")

    assert page.get_by_label("Day").is_visible()
    assert page.get_by_role("button", name="Choose from a calendar").count() == 0
