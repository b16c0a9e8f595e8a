from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from celery.exceptions import Retry
from django.db import OperationalError, connections

from config import celery
from themis.health import HealthCheckError


@shared_task
def offline() -> None:
    raise OperationalError("The database is away.")


@shared_task
def broken() -> None:
    raise ValueError("A mistake.")


def test_a_task_tries_again_while_the_database_is_away() -> None:
    with pytest.raises(Retry, match="The database is away."):
        offline.delay()


def test_a_mistake_is_not_tried_again() -> None:
    with pytest.raises(ValueError, match="^A mistake.$"):
        broken.delay()


def test_tasks_run_in_process_without_a_broker(settings: Any) -> None:
    assert settings.CELERY_BROKER_URL == ""
    assert celery.app.conf.task_always_eager is True


def test_no_task_is_lost() -> None:
    assert celery.app.conf.task_acks_late is True
    assert celery.app.conf.task_reject_on_worker_lost is True


def test_only_json_is_accepted() -> None:
    assert celery.app.conf.accept_content == ["json"]
    assert celery.app.conf.task_serializer == "json"


def test_a_worker_waits_for_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    def pending() -> None:
        raise HealthCheckError("2 migrations are not applied.")

    monkeypatch.setattr("themis.health.check_database", pending)
    with pytest.raises(
        SystemExit, match=r"not start yet. 2 migrations are not applied.$"
    ):
        celery.refuse_an_old_database()


@pytest.mark.django_db(transaction=True)
def test_a_worker_starts_when_the_database_is_up_to_date() -> None:
    mine = connections["default"]
    celery.refuse_an_old_database()
    assert connections["default"] is mine


def test_the_heartbeat_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery, "HEARTBEAT", tmp_path / "heartbeat")
    celery.touch_heartbeat()
    assert (tmp_path / "heartbeat").exists()
