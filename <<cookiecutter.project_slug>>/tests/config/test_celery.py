import json
from pathlib import Path

import pytest
from celery import shared_task
from celery.exceptions import Retry
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import OperationalError, connections
from kombu.exceptions import OperationalError as KombuError
from pytest_django import Settings

from config import celery, mail_tasks
from themis.health import HealthCheckError


@shared_task
def offline() -> None:
    raise OperationalError("The database is unavailable.")


@shared_task
def broken() -> None:
    raise ValueError("A bug.")


def test_a_task_is_retried_while_the_database_is_unavailable() -> None:
    with pytest.raises(Retry, match="The database is unavailable."):
        offline.delay()


def test_a_task_with_a_bug_is_not_retried() -> None:
    with pytest.raises(ValueError, match="A bug"):
        broken.delay()


def test_tasks_run_in_process_without_a_broker(settings: Settings) -> None:
    assert settings.CELERY_TASK_ALWAYS_EAGER is not bool(settings.CELERY_BROKER_URL)


def test_killed_worker_loses_no_task() -> None:
    assert celery.app.conf.task_acks_late is True
    assert celery.app.conf.task_reject_on_worker_lost is True


@pytest.mark.parametrize("error", [None, KombuError("Connection refused.")])
def test_email_is_a_task_if_the_broker_accepts_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    tasks: list[object] = []

    def delay(message: object) -> None:
        if error:
            raise error
        tasks.append(json.loads(json.dumps(message)))

    settings.CELERY_BROKER_URL = "redis://localhost:6379/0"
    monkeypatch.setattr(mail_tasks.send, "delay", delay)
    message = EmailMessage("Hello", "Text", to=["ada@example.com"])
    assert mail_tasks.queue(message) is (error is None)
    assert tasks == ([] if error else [mail_tasks.fields(message)])


def test_email_can_be_rebuilt_from_its_task() -> None:
    message = EmailMultiAlternatives(
        "Hello",
        "Text",
        to=["ada@example.com"],
        cc=["bob@example.com"],
        bcc=["eve@example.com"],
        headers={"X-Kind": "greeting"},
    )
    message.attach_alternative("<p>Text</p>", "text/html")
    copy = EmailMultiAlternatives(**mail_tasks.fields(message))
    assert copy.recipients() == message.recipients()
    for name in ("subject", "body", "from_email", "extra_headers"):
        assert getattr(copy, name) == getattr(message, name)
    assert [tuple(one) for one in copy.alternatives] == [("<p>Text</p>", "text/html")]


def test_without_a_broker_email_is_not_a_task(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = ""
    message = EmailMessage("Hello", "Text", to=["ada@example.com"])
    assert not mail_tasks.queue(message)


def test_attachments_skip_the_broker(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://localhost:6379/0"
    message = EmailMessage("Hello", "Text", to=["ada@example.com"])
    message.attach("big.txt", "text", "text/plain")
    assert not mail_tasks.queue(message)


def test_worker_registers_the_email_task() -> None:
    celery.app.loader.import_default_modules()
    assert mail_tasks.send.name in celery.app.tasks


def test_only_json_is_accepted() -> None:
    assert celery.app.conf.accept_content == ["json"]
    assert celery.app.conf.task_serializer == "json"


def test_a_setting_overrides_a_default(settings: Settings) -> None:
    settings.CELERY_WORKER_MAX_TASKS_PER_CHILD = 7
    app = celery.Celery("other", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.add_defaults(celery.defaults)
    assert app.conf.worker_max_tasks_per_child == 7
    assert app.conf.accept_content == celery.DEFAULTS["accept_content"]


def test_a_worker_waits_for_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    def pending() -> None:
        raise HealthCheckError("2 migrations are not applied.")

    monkeypatch.setattr("themis.health.check_database", pending)
    with pytest.raises(SystemExit, match="2 migrations are not applied"):
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
