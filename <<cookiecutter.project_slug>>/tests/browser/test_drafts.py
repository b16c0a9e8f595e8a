"""What a user typed is not lost when their session ends."""

import re

import pytest

from tests.browser.site import PASSWORD


@pytest.fixture
def page(visit):
    visitor = visit("grace")
    visitor.expected = ("401",)
    return visitor.open("/settings/")


def end_session(page):
    page.context.clear_cookies(name=re.compile("sessionid$"))


def save(page, name):
    page.get_by_label("First name").fill(name)
    page.get_by_role("button", name="Save").click()


def sign_in(page, user):
    page.locator("[name=login]").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("[popovertarget=user-menu]").wait_for()


def test_draft_is_restored_after_signing_in(page):
    end_session(page)
    save(page, "Gracie")
    sign_in(page, "grace")

    field = page.get_by_label("First name")
    assert field.input_value() == "Gracie"
    assert field.evaluate("field => field === document.activeElement")
    page.reload()
    assert field.input_value() == "Grace"


def test_draft_is_hidden_from_other_users(page):
    end_session(page)
    save(page, "Gracie")
    sign_in(page, "joan")

    assert page.get_by_label("First name").input_value() == "Joan"
    assert page.evaluate("sessionStorage.length") == 0


def test_draft_is_deleted_on_success(page):
    save(page, "Grace")
    page.get_by_role("status").first.wait_for()

    assert page.evaluate("sessionStorage.length") == 0


def test_password_is_not_kept(page):
    page.goto(page.url.replace("/settings/", "/accounts/password/change/"))
    kept = page.evaluate(
        """password => {
          for (const field of document.querySelectorAll("[type=password]")) {
            field.value = password;
          }
          addEventListener("submit", (event) => event.preventDefault());
          document.querySelector("main form").requestSubmit();
          return JSON.stringify(sessionStorage);
        }""",
        PASSWORD,
    )

    assert PASSWORD not in kept
