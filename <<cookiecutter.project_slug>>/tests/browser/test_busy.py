"""A form is submitted once, however often its button is clicked."""

import pytest

# Click twice, and listen after the page's own scripts. Nothing is sent.
CLICK_TWICE = """button => {
  const stopped = [];
  addEventListener("submit", (event) => {
    stopped.push(event.defaultPrevented);
    event.preventDefault();
  });
  button.click();
  button.click();
  return stopped;
}"""


@pytest.fixture
def save(visit):
    page = visit("ada").open("/form/")
    page.get_by_label("Name").fill("Ada")
    return page.get_by_role("button", name="Save")


def test_second_click_sends_nothing(save):
    assert save.evaluate(CLICK_TWICE) == [False, True]


def test_button_is_busy_until_the_page_is_shown_again(save):
    save.evaluate(CLICK_TWICE)

    assert save.get_attribute("aria-disabled") == "true"
    save.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert save.get_attribute("aria-disabled") is None
