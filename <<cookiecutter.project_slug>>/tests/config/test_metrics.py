import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import Settings

from themis.notifications import notify_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def metrics_port(settings: Settings) -> None:
    settings.METRICS_PORT = "9000"


def scrape(client: Client, path: str = "/metrics") -> HttpResponse:
    return client.get(path, SERVER_PORT="9000")


def value(client: Client, sample: str) -> float:
    """Return the value of a sample, 0 if it is missing."""
    for line in scrape(client).content.decode().splitlines():
        if line.startswith(f"{sample} "):
            return float(line.rpartition(" ")[2])
    return 0


def test_metrics_need_their_own_port(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_host_header_does_not_expose_metrics(client: Client) -> None:
    assert client.get("/metrics", headers={"Host": "localhost:9000"}).status_code == 404


def test_metrics_port_serves_nothing_else(client: Client) -> None:
    assert scrape(client, "/accounts/login/").status_code == 404


def test_metrics_need_a_port(client: Client, settings: Settings) -> None:
    settings.METRICS_PORT = ""
    assert client.get("/metrics", SERVER_PORT="9000").status_code == 404


def test_any_host_may_scrape(client: Client) -> None:
    answer = client.get("/metrics", SERVER_PORT="9000", headers={"Host": "10.0.0.1"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")


def test_requests_are_counted_by_route(client: Client) -> None:
    paths = [reverse("themis:notification-open", args=[number]) for number in (1, 2)]
    route = resolve(paths[0]).route
    sample = (
        'http_request_duration_seconds_count{method="GET",'
        f'route="{route}",status="302"}}'
    )
    before = value(client, sample)
    for path in paths:
        client.get(path)
    assert value(client, sample) == before + 2


def test_unknown_paths_and_methods_are_not_labels(client: Client) -> None:
    client.generic("BREW", "/tea-pot-1/")
    page = scrape(client).content.decode()
    assert 'method="other",route="",status="404"' in page
    assert "BREW" not in page
    assert "tea-pot" not in page


def test_probes_are_not_counted(client: Client) -> None:
    client.get("/livez")
    assert "livez" not in scrape(client).content.decode()


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL counts a second later."
)
def test_notifications_are_counted(client: Client, user: AbstractUser) -> None:
    before = value(client, "themis_notifications_created_total")
    notify_user(user, "One")
    notify_user(user, "Two")
    assert value(client, "themis_notifications_created_total") == before + 2


def test_deleted_notifications_stay_counted(client: Client, user: AbstractUser) -> None:
    notify_user(user, "One")
    before = value(client, "themis_notifications_created_total")
    user.delete()
    assert value(client, "themis_notifications_created_total") >= before
