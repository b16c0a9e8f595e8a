"""Responses to probes, for any state of the database, host and settings."""

import concurrent.futures
import json
import threading
import time

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from themis import health
from themis.health import probes, report, runner

hanging = threading.Event()


def hang():
    hanging.wait(10)


def fail():
    raise OperationalError("password=secret")


def complain():
    raise health.HealthCheckError("The disk is full.")


@pytest.fixture(autouse=True)
def fresh_checks(monkeypatch):
    """Isolate the checks and the draining of each test."""
    monkeypatch.setattr(probes, "_draining", threading.Event())
    for module, name in ((probes, "_readiness"), (report, "_everything")):
        checks = runner.CheckRunner(getattr(module, name).paths)
        monkeypatch.setattr(module, name, checks)
    hanging.clear()
    yield
    hanging.set()


@pytest.fixture
def readiness(monkeypatch):
    """Replace the readiness checks."""

    def replace(path):
        checks = runner.CheckRunner(lambda: {"database": f"{__name__}.{path}"})
        monkeypatch.setattr(probes, "_readiness", checks)
        return checks

    return replace


def test_livez_runs_no_query(client):
    # pytest-django fails every query of a test without the database mark.
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probe_of_any_host_and_scheme(client, settings, db, path):
    settings.ALLOWED_HOSTS = ["example.com"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": "10.1.2.3:8000"})
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probe_headers(client, db, path):
    response = client.get(path)
    assert dict(response.headers) == {
        "Content-Type": "text/plain",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    assert not response.cookies


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_probe_refuses_other_methods(client, path, method):
    response = getattr(client, method)(path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probe_head_has_no_body(client, db, path):
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")


def test_readyz_with_a_pending_migration(client, transactional_db):
    recorder = MigrationRecorder(connection)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("themis")
    recorder.record_unapplied(*newest)
    try:
        response = client.get("/readyz")
    finally:
        recorder.record_applied(*newest)
    assert (response.status_code, response.content) == (503, b"not ready")


def test_readyz_with_a_database_ahead_of_the_code(client, transactional_db):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("themis", "9999_from_the_next_release")
    try:
        response = client.get("/readyz")
    finally:
        recorder.record_unapplied("themis", "9999_from_the_next_release")
    assert response.status_code == 200


def test_readyz_without_a_database(client, readiness):
    readiness("fail")
    assert client.get("/readyz").status_code == 503


def test_readyz_says_why_in_the_log(client, readiness, caplog):
    readiness("complain")
    client.get("/readyz")
    assert "Not ready: database: The disk is full." in caplog.text


def test_readyz_while_draining(client):
    health.drain()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"draining")


def test_livez_while_draining(client):
    health.drain()
    assert client.get("/livez").status_code == 200


def test_readyz_times_out(client, readiness, monkeypatch):
    monkeypatch.setattr(runner, "DEADLINE", 0.1)
    readiness("hang")  # which passes if a caller waits for it to end
    assert client.get("/readyz").status_code == 503


def test_readyz_threads_are_limited(client, readiness, monkeypatch):
    monkeypatch.setattr(runner, "DEADLINE", 0.1)
    checks = readiness("hang")
    before = threading.active_count()
    for _ in range(20):
        assert client.get("/readyz").status_code == 503
    assert threading.active_count() <= before + 1
    assert checks._executor._work_queue.qsize() == 0


@pytest.fixture
def waits(monkeypatch):
    """Return a list of the timeouts, in seconds, of each wait for checks."""
    seconds = []

    def wait(futures, timeout):
        seconds.append(timeout)
        return concurrent.futures.wait(futures, timeout)

    monkeypatch.setattr(runner, "wait", wait)
    return seconds


def test_readyz_waits_only_once_for_a_hanging_database(
    client, readiness, monkeypatch, waits
):
    monkeypatch.setattr(runner, "DEADLINE", 0.2)
    readiness("hang")
    for _ in range(10):
        assert client.get("/readyz").status_code == 503
    assert len(waits) == 10
    assert sum(waits) == pytest.approx(0.2, abs=0.02)  # the first wait alone


def test_one_request_waits_for_a_hanging_database(
    client, readiness, monkeypatch, waits, db
):
    monkeypatch.setattr(runner, "MAX_AGE", 0)
    monkeypatch.setattr(runner, "DEADLINE", 60)
    checks = readiness("hang")
    checks.paths = lambda: {"database": "themis.health.check_database"}
    assert client.get("/readyz").status_code == 200
    checks.paths = lambda: {"database": f"{__name__}.hang"}
    waiting = threading.Thread(target=checks.results)
    waiting.start()
    while all(future.done() for future in checks._current.values()):
        time.sleep(0.01)
    for _ in range(10):
        assert client.get("/readyz").status_code == 200  # as it was before
    hanging.set()
    waiting.join()
    assert len(waits) == 2  # the first request, and the thread


def test_readyz_recovers(client, readiness, monkeypatch, db):
    monkeypatch.setattr(runner, "DEADLINE", 0.1)
    monkeypatch.setattr(runner, "MAX_AGE", 0)
    checks = readiness("hang")
    assert client.get("/readyz").status_code == 503
    hanging.set()
    checks.paths = lambda: {"database": "themis.health.check_database"}
    monkeypatch.setattr(runner, "DEADLINE", 5)
    client.get("/readyz")
    assert client.get("/readyz").status_code == 200


def test_readyz_caches_for_a_second(client, db, monkeypatch):
    monkeypatch.setattr(runner, "MAX_AGE", 60)
    client.get("/readyz")
    results = probes._readiness.results()
    assert probes._readiness.results() is results


def test_readyz_opens_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):  # it uses its own connection
        client.get("/readyz", headers={"cookie": "sessionid=abc"})


def test_report_is_hidden_from_visitors(client, db):
    assert client.get("/healthz/").status_code == 404


def test_report_is_hidden_from_users(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada"))
    assert client.get("/healthz/").status_code == 404


def test_report_for_staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada", is_staff=True))
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/health+json"
    assert response["Cache-Control"] == "no-store"
    report = json.loads(response.content)
    assert report["status"] == "pass"
    assert set(report["checks"]) == {"database:responseTime", "cache:responseTime"}
    assert report["checks"]["database:responseTime"][0]["observedUnit"] == "ms"


def test_report_by_token_of_any_host(client, settings, db):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    settings.ALLOWED_HOSTS = ["example.com"]
    response = client.get(
        "/healthz/",
        headers={"authorization": "Bearer a-long-token", "host": "10.1.2.3"},
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "given", ["Bearer wrong", "Bearer ", "a-long-token", "Bearer é"]
)
def test_report_with_a_wrong_token(client, settings, db, given):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    headers = {"authorization": given}
    assert client.get("/healthz/", headers=headers).status_code == 404


def test_report_with_no_token_set(client, settings, db):
    settings.THEMIS_HEALTH_TOKEN = ""
    headers = {"authorization": "Bearer "}
    assert client.get("/healthz/", headers=headers).status_code == 404


def test_report_refuses_other_methods(client, settings, db):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    headers = {"authorization": "Bearer a-long-token"}
    assert client.post("/healthz/", headers=headers).status_code == 405


def test_report_runs_own_checks(client, settings, db):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    settings.THEMIS_HEALTH_CHECKS = {"disk": f"{__name__}.complain"}
    response = client.get("/healthz/", headers={"authorization": "Bearer a-long-token"})
    report = json.loads(response.content)
    assert (response.status_code, report["status"]) == (503, "fail")
    assert report["checks"]["disk:responseTime"] == [
        {"status": "fail", "output": "The disk is full."}
    ]


def test_report_detects_a_cache_that_stores_nothing(client, settings, db):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    backend = "django.core.cache.backends.dummy.DummyCache"
    settings.CACHES = {"default": {"BACKEND": backend}}
    response = client.get("/healthz/", headers={"authorization": "Bearer a-long-token"})
    assert response.json()["checks"]["cache:responseTime"][0]["status"] == "fail"


def test_report_logs_details_of_an_exception(client, settings, db, caplog):
    settings.THEMIS_HEALTH_TOKEN = "a-long-token"
    settings.THEMIS_HEALTH_CHECKS = {"mirror": f"{__name__}.fail"}
    response = client.get("/healthz/", headers={"authorization": "Bearer a-long-token"})
    assert response.json()["checks"]["mirror:responseTime"] == [
        {"status": "fail", "output": "OperationalError"}
    ]
    assert "A health check failed." in caplog.text
