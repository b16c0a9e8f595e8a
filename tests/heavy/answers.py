"""What people are answered: requests as browsers and scripts send them."""

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
        """Whether people are told that it is temporary."""
        return self.status == 503 and bool(self.headers["Retry-After"])


def ask(port: int, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """What a request is answered: a GET, or a POST of a form."""
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
    """What a form on a page is answered, as a browser sends it."""
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
    """The answers to some requests, twice as many at a time as there are threads."""
    with ThreadPoolExecutor(2 * THREADS) as executor:
        asked = [executor.submit(ask, port, path, **headers) for _ in range(number)]
        return [one.result() for one in asked]
