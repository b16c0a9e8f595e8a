"""Record the demo as a moving picture: one user assigns a task, and the other's bell rings.

    make moving-picture

runs this in a generated project: it serves the sample data on loopback as `make demo` does,
and opens it in two Chromium windows. It writes docs/assign.webp, and prints the number of
clicks from the open task to the assignment and the seconds from the last click to the bell.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WINDOW = {"width": 620, "height": 460}
GAP = 12  # pixels between the windows
HOLD = 2500  # milliseconds to show the last picture
CURSOR = """
addEventListener("DOMContentLoaded", () => {
  const dot = document.createElement("div");
  dot.style.cssText = "position:fixed;z-index:99;width:18px;height:18px;margin:-9px;" +
    "border-radius:50%;background:#f006;pointer-events:none;left:-50px";
  document.documentElement.append(dot);
  addEventListener("mousemove", (event) => {
    dot.style.left = event.clientX + "px"; dot.style.top = event.clientY + "px";
  });
});
"""


class Film:
    """Take a picture of all windows at each step."""

    def __init__(self, *pages: Page) -> None:
        self.pages = pages
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []

    def take(self, milliseconds: int) -> None:
        width, height = WINDOW["width"], WINDOW["height"]
        frame = Image.new("RGB", (width * len(self.pages) + GAP, height), "#808080")
        for number, page in enumerate(self.pages):
            picture = Image.open(io.BytesIO(page.screenshot()))
            frame.paste(picture, (number * (width + GAP), 0))
        self.frames.append(frame)
        self.durations.append(milliseconds)

    def save(self, path: Path) -> None:
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.durations,
            loop=0,
            quality=80,
            method=6,
        )


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Install Chromium first.")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "THEMIS_NOTIFICATION_POLL_INTERVAL": "5",  # as `make demo` sets it
        }
        for command in ("migrate", "load_sample_data"):
            manage = [sys.executable, "manage.py", command]
            subprocess.run(manage, env=environment, stdout=subprocess.DEVNULL, check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = "127.0.0.1:{1}".format(*probe.getsockname())
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", address],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            record(f"http://{address}", chromium)
        finally:
            server.terminate()
            server.wait()


def record(site: str, chromium: str) -> None:
    wait_for(site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        dana, amelie = (sign_in(browser, site, name) for name in ("Dana", "Amélie"))
        dana.goto(f"{site}/projects/")
        dana.get_by_role("link", name="Website relaunch").click()
        dana.get_by_role("link", name="Collect what customers say about us").click()
        dana.wait_for_load_state()
        film = Film(dana, amelie)
        film.take(1500)
        dana.get_by_role("link", name="Edit").click()
        dana.get_by_label("Assignee").hover()
        film.take(900)
        dana.get_by_label("Assignee").select_option(label="Amélie Dubois")
        film.take(900)
        before = count(amelie)
        dana.get_by_role("button", name="Save").click()
        started = time.perf_counter()
        dana.wait_for_load_state()
        film.take(700)
        while count(amelie) == before:
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        film.take(600)
        for _ in range(3):
            film.take(500)
        amelie.locator("[popovertarget=bell]").click()
        amelie.locator("#bell-rows > li").first.wait_for()
        film.take(1500)
        amelie.locator("#bell-rows > li").first.locator("a, button").first.click()
        amelie.wait_for_load_state()
        film.take(HOLD)
        browser.close()
    path = Path(__file__).parent.parent / "docs/assign.webp"
    film.save(path)
    print(f"3 clicks (Edit, the assignee, Save), and {seconds:.1f} s to the bell")
    print(f"docs/{path.name}: {path.stat().st_size / 1000:.0f} kB")


def sign_in(browser: Browser, site: str, name: str) -> Page:
    page = browser.new_page(viewport=WINDOW)  # with separate cookies
    page.add_init_script(CURSOR)
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name=f"Open as {name}").click()
    page.wait_for_load_state()
    return page


def count(page: Page) -> str:
    return page.locator("[popovertarget=bell]").inner_text()


def wait_for(site: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{site}/livez")
            return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
