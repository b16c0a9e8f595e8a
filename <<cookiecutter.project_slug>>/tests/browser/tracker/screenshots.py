"""`make screenshots`: pictures of the sample data, in the folder screenshots/."""

from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "screenshots"
DESKTOP = {"width": 1040, "height": 640}
PHONE = {"width": 390, "height": 800}

PICTURES = [
    ("bell-light", "/", "light", DESKTOP, "bell"),
    ("bell-phone", "/", "dark", PHONE, "bell"),
    ("notifications-light", "/notifications/", "light", DESKTOP, None),
    ("notifications-phone", "/notifications/", "dark", PHONE, None),
    ("task-light", "/tasks/1/", "light", DESKTOP, None),
    ("tasks-dark", "/tasks/", "dark", DESKTOP, None),
    ("settings-dark", "/settings/#section-4", "dark", DESKTOP, None),
    ("settings-phone", "/settings/", "dark", PHONE, None),
    ("api-light", "/api/v1/docs/", "light", DESKTOP, None),
]


@pytest.mark.parametrize(("name", "path", "theme", "size", "popover"), PICTURES)
def test_picture(visit, name, path, theme, size, popover):
    page = visit("demo", color_scheme=theme, viewport=size).open(path)
    if popover:
        page.locator(f"[popovertarget={popover}]").click()
        page.locator("#bell-rows > li").first.wait_for()
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def test_picture_of_two_phones(visit):
    """Show them side by side, in the size of the other pictures."""
    pictures = [
        b64encode((FOLDER / f"{name}.png").read_bytes()).decode()
        for name in ("notifications-phone", "bell-phone")
    ]
    page = visit(viewport=DESKTOP).context.new_page()
    page.set_content(
        "<style>body { display: flex; justify-content: space-evenly; margin: 24px; "
        "background: #d8dce6 } img { height: 592px; border-radius: 16px }</style>"
        + "".join(
            f'<img src="data:image/png;base64,{picture}">' for picture in pictures
        )
    )
    page.screenshot(path=FOLDER / "phones-dark.png")


def test_picture_of_the_login(visit):
    page = visit(viewport=DESKTOP).open("/accounts/login/")
    page.screenshot(path=FOLDER / "login-light.png")
