"""Whatever is sent, the response is not a server error, no redirect of the sender's
choice, and no script."""

import re
import zlib
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from tests.config.routes import OTHER_ROUTES, object_of, path_of

SCRIPT = "<script>alert(1)</script>"
VALUES = [
    # Of the wrong type
    *("", " ", "\t", "\x00", "a\x00b", "\x7f", "\u202e", "\ufeff", "\U0001f600" * 300),
    *("-1", "0", "9" * 30, "1e309", "NaN", "Infinity", "0x10", "½", "٣", "1_000"),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999999-01-01",
        "9999-12-31T23:59",
        "99:99",
        "24:00",
    ),
    *("true", "null", "[]", "{}", "x" * 200_000, "a@b", '"@', "Etc/../../etc/passwd"),
    # Paths to elsewhere
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example"),
    *("https://evil.example/", "http:///evil.example", "///evil.example", "/%09/evil"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "\tjavascript:alert(1)", "data:,x"),
    # Injections
    *(SCRIPT, f'"{SCRIPT}', f"'{SCRIPT}", "{{ 7|add:7 }}", "{% debug %}", "${jndi:x}"),
    *("' OR '1'='1", '";--', "%s%n", "../../../../etc/passwd", "..\\..\\win.ini"),
    *("x\r\nSet-Cookie: stolen=1", "x\nLocation: //evil.example", "%0d%0aX-Evil: 1"),
]


def sample(page):
    """Return some of the values, different for each page."""
    return VALUES[zlib.crc32(page.encode()) % 12 :: 12]


# `make test-all` sends all to each page.
sampled = pytest.mark.parametrize(
    "values",
    [
        pytest.param(sample, id="sample"),
        pytest.param(lambda page: VALUES, id="all", marks=pytest.mark.slow),
    ],
)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
ACCOUNTS = reverse("account_login").removesuffix("login/")
LOGIN = reverse("account_login")
MAILBOX = reverse("themis:notification-list")
# method, path, content type, body, additional WSGI environment
RAW = [
    ("GET", "/%00", FORM, b"", {}),
    ("GET", "/%ff%fe/", FORM, b"", {}),
    ("GET", "/..%2f..%2f..%2fetc/passwd", FORM, b"", {}),
    ("GET", "/static/..%2f..%2fconfig/settings.py", FORM, b"", {}),
    ("GET", "/static/%00", FORM, b"", {}),
    ("GET", "/" + "a/" * 4000, FORM, b"", {}),
    ("GET", f"{MAILBOX}?before=%ff&state=%00", FORM, b"", {}),
    ("GET", f"{MAILBOX}?" + "&".join(["a=1"] * 5000), FORM, b"", {}),
    ("GET", f"{MAILBOX}99999999999999999999/open/", FORM, b"", {}),
    ("GET", f"{MAILBOX}{'9' * 5000}/open/", FORM, b"", {}),
    ("GET", f"{LOGIN}?next=%0d%0aSet-Cookie:%20a=b", FORM, b"", {}),
    ("GET", LOGIN, FORM, b"", {"HTTP_COOKIE": "sessionid=\x00\xff; csrftoken='"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_COOKIE": "a=" * 5000}),
    ("GET", LOGIN, FORM, b"", {"HTTP_ACCEPT_LANGUAGE": "xx-" * 3000}),
    ("GET", LOGIN, FORM, b"", {"HTTP_ACCEPT_LANGUAGE": "de;q=NaN,\xff"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_HOST": "evil.example"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_HOST": "a@b:x\x00"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_X_FORWARDED_FOR": "x, \x00, 1.2.3.4.5"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_X_REQUEST_ID": "a\r\nSet-Cookie: b=c"}),
    ("GET", LOGIN, FORM, b"", {"HTTP_IF_NONE_MATCH": '"\xff'}),
    ("GET", LOGIN, FORM, b"", {"HTTP_IF_MODIFIED_SINCE": "yesterday"}),
    ("GET", f"{MAILBOX}poll/", FORM, b"", {"HTTP_IF_NONE_MATCH": "W/" * 999}),
    ("POST", LOGIN, FORM, b"login=%ff%fe&password=%00", {}),
    ("POST", LOGIN, FORM, b"login[]=1&login=2&login=3", {}),
    ("POST", LOGIN, FORM, b"=&=&&&=%", {}),
    ("POST", LOGIN, FORM, b"&".join([b"a=1"] * 2000), {}),
    ("POST", LOGIN, FORM, b"a=" + b"x" * 3_000_000, {}),
    ("POST", LOGIN, "text/plain; charset=bogus", b"x", {}),
    ("POST", LOGIN, f"{FORM}; charset=utf-16", b"login=a", {}),
    ("POST", LOGIN, f"{FORM}; charset=\xff", b"login=a", {}),
    ("POST", LOGIN, MULTIPART, b"x", {}),
    ("POST", LOGIN, f"{MULTIPART}; boundary=", b"x", {}),
    ("POST", LOGIN, f"{MULTIPART}; boundary={'b' * 300}", b"x", {}),
    ("POST", LOGIN, f"{MULTIPART}; boundary=b", b"--b\r\n\xff\r\n\r\n--b--", {}),
    ("POST", LOGIN, f"{MULTIPART}; boundary=b", b"--b\r\nContent-Disposition: x", {}),
    ("POST", LOGIN, FORM, b"a=1", {"CONTENT_LENGTH": "-1"}),
    ("POST", LOGIN, FORM, b"a=1", {"HTTP_TRANSFER_ENCODING": "chunked, bogus"}),
    ("BREW", LOGIN, FORM, b"", {}),
    ("TRACE", LOGIN, FORM, b"", {}),
    ("GET", "/healthz/", JSON, b"", {"HTTP_AUTHORIZATION": "Bearer \xff"}),
    ("PATCH", "/livez", JSON, b"[" * 1000, {}),
]


@pytest.fixture
def owner(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return get_user_model().objects.create_user("eve", "eve@example.com", "a-pass-word")


@pytest.fixture
def send(client, owner):
    """Send a request as a user, check the response, and roll back what it did."""
    client.raise_request_exception = False
    client.force_login(owner)
    client.post(reverse("account_reauthenticate"), {"password": "a-pass-word"})
    cookies = client.cookies.output()

    def request(method, path, content_type=FORM, body=b"", **environment):
        cache.clear()
        client.cookies.load(cookies)
        with transaction.atomic():
            response = client.generic(method, path, body, content_type, **environment)
            transaction.set_rollback(True)
        sent = f"{method} {path[:200]} {body[:200]}"
        assert response.status_code < 500, sent
        location = response.get("Location", "")
        assert urlsplit(location).scheme in {"", "https"}, sent
        assert not re.match(r"(https:)?[/\\]*evil", location), sent
        assert "stolen" not in response.cookies, sent
        assert not any(
            re.search(r"[\r\n]", value) for value in response.headers.values()
        )
        if response.get("Content-Type", "").startswith("text/html"):
            assert SCRIPT.encode() not in response.content, sent
        return response

    return request


@sampled
@pytest.mark.parametrize("route", OTHER_ROUTES)
def test_fields(send, owner, route, values):
    """Every field of every page, and every parameter."""
    path = path_of(route, object_of(route, owner))
    page = send("GET", path).content.decode(errors="replace")
    names = {
        "next",
        *re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page),
    }
    methods = {"GET", "POST"}
    for value in values(route):
        data = dict.fromkeys(names - {"csrfmiddlewaretoken"}, value)
        # Without it, the page of a new API key reads nothing else.
        data["form_id"] = "0e4c7f55-5b2c-4a59-9f0e-6b1f0f1c8f11"
        body = urlencode(data).encode()
        answers = {}
        if "POST" in methods:
            answers["POST"] = send("POST", path, FORM, body)
        if "GET" in methods and len(value) < 4000:
            answers["GET"] = send("GET", f"{path}?{body.decode()}")
        for method, answer in answers.items():
            if answer.status_code in {404, 405}:  # nothing reads the values
                methods.discard(method)
        if "POST" in methods and not path.startswith(ACCOUNTS):
            methods.discard("GET")  # a page with a form reads no parameters


@pytest.mark.parametrize("number", range(len(RAW)))
def test_requests(send, number):
    method, path, content_type, body, environment = RAW[number]
    send(method, path, content_type, body, **environment)
