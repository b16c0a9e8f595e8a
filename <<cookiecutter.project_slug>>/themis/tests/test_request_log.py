"""One line for each request, with its id and without secrets."""

import json
import logging

import pytest

from themis.http.request_log import JSONFormatter, request_id


@pytest.fixture
def lines(caplog):
    """The lines of the request log, parsed from JSON."""
    caplog.set_level(logging.INFO, logger="themis.http.request_log")
    formatter = JSONFormatter()
    return lambda: [
        json.loads(formatter.format(record))
        for record in caplog.records
        if record.name == "themis.http.request_log"
    ]


def record(message, *args, exc_info=None):
    return logging.LogRecord("app", logging.INFO, "a.py", 1, message, args, exc_info)


def test_a_request_is_a_line(client, db, lines):
    client.get("/accounts/login/?next=/x")
    [line] = lines()
    assert line["milliseconds"] > 0
    assert {
        "level": "INFO",
        "message": "GET /accounts/login/ 200",
        "method": "GET",
        "route": "accounts/login/",
        "status": 200,
    }.items() <= line.items()


def test_a_secret_in_the_address_is_not_logged(client, db, lines):
    client.get("/accounts/password/reset/key/1-the-secret/?token=secret")
    client.get("/secret-that-leads-nowhere/")
    assert len(lines()) == 2
    assert "secret" not in json.dumps(lines())


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_unknown_path_is_logged_as_unmatched(client, db, lines, method):
    getattr(client, method)("/nothing/")
    [line] = lines()
    assert line["message"] == f"{method.upper()} /(unknown) 404"


def test_probes_are_not_logged(client, lines):
    client.get("/livez")
    assert lines() == []


def test_the_answer_carries_the_id(client, db):
    first, second = client.get("/nothing/"), client.get("/nothing/")
    assert len(first["X-Request-ID"]) == 32
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_the_id_of_the_proxy_is_kept(client, db):
    response = client.get("/nothing/", headers={"x-request-id": "abc-12345"})
    assert response["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "abc 12345", 'abc"12345', "äöüäöüäöü"]
)
def test_an_odd_id_is_replaced(client, db, given):
    response = client.get("/nothing/", headers={"x-request-id": given})
    assert len(response["X-Request-ID"]) == 32


def test_other_log_lines_carry_the_id():
    token = request_id.set("abc-12345")
    line = json.loads(JSONFormatter().format(record("Hello")))
    request_id.reset(token)
    assert line["request_id"] == "abc-12345"


def test_newlines_are_escaped():
    text = JSONFormatter().format(record("Hello\n%s", 'forged "line"'))
    assert "\n" not in text
    assert json.loads(text)["message"] == 'Hello\nforged "line"'


def test_exception_is_on_the_same_line():
    try:
        raise RuntimeError("Oh no")
    except RuntimeError as error:
        details = (type(error), error, error.__traceback__)
    line = json.loads(JSONFormatter().format(record("Failed", exc_info=details)))
    assert line["exception"].endswith("RuntimeError: Oh no")


def test_a_key_is_masked():
    key = "thm_" + "a" * 38
    line = JSONFormatter().format(record("GET %s", f"/?key={key}"))
    assert key not in line
    assert json.loads(line)["message"] == "GET /?key=thm_aaaaaa***"
