"""Dates and times: what the browser's own inputs send, and what stands beside them."""

import pytest


@pytest.fixture(autouse=True)
def preferences(site):
    site.prefer(language="en", timezone="Europe/Berlin", date_format="d.m.Y")
    yield
    site.prefer(timezone="UTC", date_format="Y-m-d")


@pytest.fixture
def form(visit):
    return visit("demo").open("/tasks/1/edit/")


def test_what_an_input_holds_is_said_in_the_users_format(form):
    form.get_by_label("Due date").fill("2026-03-09")

    assert form.locator("#id_due_date_helptext").inner_text() == "09.03.2026"


def test_nothing_is_said_of_an_empty_input(form):
    form.get_by_label("Due date").fill("2026-03-09")
    form.get_by_label("Due date").fill("")

    assert form.locator("#id_due_date_helptext").inner_text() == ""


def test_a_date_is_saved_and_shown_in_the_users_format(form):
    due_date = form.get_by_label("Due date")
    before = due_date.input_value()
    due_date.fill("2026-03-09")
    form.locator("main button[type=submit]").first.click()
    form.wait_for_load_state()

    assert form.get_by_text("09.03.2026").first.is_visible()
    form.goto(form.url.rstrip("/") + "/edit/")
    assert form.get_by_label("Due date").input_value() == "2026-03-09"
    form.get_by_label("Due date").fill(before)
    form.locator("main button[type=submit]").first.click()
    form.wait_for_load_state()
