import re

import pytest


@pytest.fixture
def team(site, visit):
    """Two people who work at the same time: a leader and a worker."""
    site.prefer("joerg", language="en")
    return visit("demo").open("/projects/1/"), visit("joerg").open("/tasks/")


def bell_says(page, title):
    page.locator("#bell-rows", has_text=title).wait_for(state="attached")


@pytest.mark.parametrize("scripts", [True, False])
def test_task_from_its_plan_to_its_end(visit, scripts):
    page = visit("demo", java_script_enabled=scripts).open("/projects/1/")
    page.get_by_role("link", name="New task").click()
    page.get_by_label("Title").fill("Paint the door")
    page.get_by_label("Description").fill("Red.")
    page.get_by_label("Due date").fill("2030-01-31")
    page.get_by_label("Due time").fill("17:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Paint the door").wait_for()
    assert page.get_by_text("2030-01-31").is_visible()
    assert page.get_by_text("17:00").is_visible()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("In progress", exact=True).wait_for()
    page.get_by_role("button", name="Complete").click()
    page.get_by_text("Done", exact=True).wait_for()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url(re.compile(r"/projects/1/$"))


def test_assigned_task_rings_the_assignees_bell(site, team):
    leader, worker = team
    leader.get_by_role("link", name="New task").click()
    leader.get_by_label("Title").fill("Oil the hinges")
    find = "from accounts.models import User\nuser = User.objects.get(username='joerg')"
    name = site.run(f"{find}\nanswer = str(user)")
    leader.get_by_label("Assignee").select_option(label=name)
    leader.get_by_role("button", name="Save").click()
    bell_says(worker, "Task assigned: Oil the hinges")
    worker.get_by_role("button", name=re.compile("^Notifications")).click()
    worker.get_by_role("button", name=re.compile("Oil the hinges")).first.click()
    worker.get_by_role("heading", name="Oil the hinges").wait_for()


def test_comment_rings_the_assignees_bell(team):
    leader, worker = team
    worker.goto(f"{leader.url.rpartition('/projects')[0]}/")
    leader.get_by_role("link", name="Redirect the old addresses").click()
    leader.get_by_role("textbox", name="Comment").fill("Are they all there?")
    leader.get_by_role("button", name="Comment").click()
    leader.get_by_text("Are they all there?").wait_for()
    bell_says(worker, "New comment: Redirect the old addresses")


def test_announcement_rings_all_bells(team):
    leader, worker = team
    leader.get_by_label("Announcement").fill("Cake in the kitchen.")
    leader.get_by_label("Visible until").fill("2099-12-31 12:00")
    leader.get_by_role("button", name="Post an announcement").click()
    bell_says(worker, "Cake in the kitchen.")


def test_report_is_made_and_downloaded(visit):
    page = visit("demo").open("/projects/1/")
    page.get_by_role("button", name="Export tasks as CSV").click()
    bell_says(page, "Report ready")
    page.get_by_role("button", name=re.compile("^Notifications")).click()
    page.get_by_role("button", name=re.compile("Report ready")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.startswith('"Number","Title","Status"')


def test_errors_are_beside_the_field(visit):
    page = visit("demo", java_script_enabled=False).open("/projects/1/tasks/new/")
    page.get_by_label("Title").fill(" ")
    page.get_by_role("button", name="Save").click()
    field = page.get_by_label("Title")
    assert field.get_attribute("aria-invalid") == "true"
    error = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")
    assert error.inner_text() == "This field is required."
