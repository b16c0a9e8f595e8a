"""The site under test, and its visitors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PASSWORD = "a-pass-word"  # every user's
POLL_INTERVAL = 1  # seconds


@dataclass
class Site:
    url: str
    run: Callable[[str], Any]  # runs Python in a process of the project
    manage: Callable[..., None]  # a management command, with variables as keywords

    def notify(self, title: str, user: str = "ada", **keywords: Any) -> int:
        """Send a notification. Return its id."""
        return self.run(
            "from accounts.models import User\n"
            "from themis.notifications import notify_user\n"
            f"user = User.objects.get(username={user!r})\n"
            f"answer = notify_user(user, {title!r}, **{keywords!r}).pk"
        )

    def prefer(self, user: str = "ada", **preferences: Any) -> None:
        """Set the user's preferences."""
        self.run(
            "from themis.models import UserProfile\n"
            f"profiles = UserProfile.objects.filter(user__username={user!r})\n"
            f"profiles.update(**{preferences!r})"
        )

    def sign_in(self, page: Any, user: str) -> None:
        page.goto(f"{self.url}/accounts/login/")
        page.locator("[name=login]").fill(user)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("[popovertarget=user-menu]").wait_for()


@dataclass
class Visitor:
    """A separate browser, with any number of tabs."""

    context: Any
    site: Site
    problems: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of problems that the test causes on purpose

    def __post_init__(self) -> None:
        self.context.on("console", self._console)
        self.context.on(
            "weberror", lambda error: self.problems.append(str(error.error))
        )
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._failed)

    def open(self, path: str = "/") -> Any:
        """Return a new tab."""
        page = self.context.new_page()
        page.goto(self.site.url + path)
        return page

    def polls(self) -> int:
        return sum("/notifications/poll/" in request.url for request in self.requests)

    def found(self) -> list[str]:
        """Return the problems that the test did not expect."""
        return [
            problem
            for problem in self.problems
            if not any(part in problem for part in self.expected)
        ]

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.text} at {message.location['url']}")

    def _request(self, request: Any) -> None:
        self.requests.append(request)

    def _failed(self, request: Any) -> None:
        # Leaving a page aborts the requests in progress.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure} {request.url}")
