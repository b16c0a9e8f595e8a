"""Send requests as browsers and scripts do."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.heavy.server import HTTPS, THREADS


@dataclass
class Answer:
    status: int
    headers: Message
    text: str
    seconds: float

    def is_outage(self) -> bool:
        """Return whether the response says that the problem is temporary."""
        return self.status == 503 and bool(self.headers["Retry-After"])


def ask(port: int, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """Return the response to a GET, or to a POST of a form."""
    started = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    body = None
    if form is not None:
        body = urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if form is None else "POST", path, body, {**HTTPS, **headers})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return Answer(response.status, response.headers, text, time.monotonic() - started)


def fill_in(port: int, path: str, form: dict[str, str], *, on: str, cookie: str = "") -> Answer:
    """Return the response to a form on a page, sent as a browser does."""
    page = ask(port, on, Cookie=cookie)
    token = re.findall(r"__Host-csrftoken=(\w+)", str(page.headers))[0]
    return ask(
        port,
        path,
        {"csrfmiddlewaretoken": token, **form},
        Cookie=f"__Host-csrftoken={token}; {cookie}",
        Referer=f"https://{HTTPS['Host']}{on}",
    )


def many(port: int, path: str, number: int, **headers: str) -> list[Answer]:
    """Return the responses to requests, twice as many at a time as there are threads."""
    with ThreadPoolExecutor(2 * THREADS) as executor:
        asked = [executor.submit(ask, port, path, **headers) for _ in range(number)]
        return [one.result() for one in asked]
