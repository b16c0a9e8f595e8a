import pytest
from django.test import Client
from pytest_django import Settings

from tests.config.test_metrics import scrape

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def metrics_port(settings: Settings) -> None:
    settings.METRICS_PORT = "9000"


def test_without_a_broker_there_is_no_queue(client: Client) -> None:
    assert "celery_queue_length" not in scrape(client).content.decode()


def test_an_unavailable_broker_hides_only_its_own_metrics(
    client: Client, settings: Settings
) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = scrape(client)
    assert answer.status_code == 200
    assert "celery_queue_length" not in answer.content.decode()
    assert "themis_notifications_created_total" in answer.content.decode()
