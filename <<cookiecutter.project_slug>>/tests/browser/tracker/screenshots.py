"""`make screenshots`: pictures of the sample data, in the folder screenshots/."""

from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "screenshots"
DESKTOP = {"width": 1040, "height": 640}
PHONE = {"width": 390, "height": 720}

PICTURES = [
    ("bell-light", "/", "light", DESKTOP, "bell"),
    ("bell-phone", "/", "dark", PHONE, "bell"),
    ("notifications-dark", "/notifications/", "dark", DESKTOP, None),
    ("task-light", "/tasks/1/", "light", DESKTOP, None),
    ("tasks-dark", "/tasks/", "dark", DESKTOP, None),
    ("settings-light", "/settings/#section-2", "light", DESKTOP, None),
    ("settings-phone", "/settings/", "light", PHONE, None),
]


@pytest.mark.parametrize(("name", "path", "theme", "size", "popover"), PICTURES)
def test_picture(visit, name, path, theme, size, popover):
    page = visit("demo", color_scheme=theme, viewport=size).open(path)
    if popover:
        page.locator(f"[popovertarget={popover}]").click()
        page.locator("#bell-rows > li").first.wait_for()
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def test_picture_of_the_login(visit):
    page = visit(viewport=DESKTOP).open("/accounts/login/")
    page.screenshot(path=FOLDER / "login-light.png")
