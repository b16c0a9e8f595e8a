"""Email is sent in threads, so that no response waits for it."""

import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import environ
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import smtp
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config import outbox
from config.mail import mail_settings

RESET = "account_reset_password"


class Server:
    """A mail server that rejects messages as often as told, then accepts them."""

    def __init__(self) -> None:
        self.failures = 0
        self.works = threading.Event()
        self.works.set()
        self.taken: list[EmailMessage] = []

    def receive(self, messages: list[EmailMessage]) -> int:
        assert self.works.wait(30)
        if self.failures:
            self.failures -= 1
            raise smtplib.SMTPServerDisconnected("Bye, ada@example.com")
        self.taken.extend(messages)
        return len(messages)


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Send email as in production, to a mail server of the test."""
    url = environ.Env.email_url_config("smtp://mail.example.com:25")
    for name, value in mail_settings(url).items():
        setattr(settings, name, value)
    server = Server()
    monkeypatch.setattr(smtp.EmailBackend, "send_messages", server.receive)
    monkeypatch.setattr(outbox, "PAUSES", (0, 0))
    monkeypatch.setattr(outbox, "outbox", outbox.Outbox())
    yield server
    server.works.set()
    outbox.outbox.wait(10)


def levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.levelname for one in caplog.records if one.name == outbox.__name__]


def send(**fields: Any) -> EmailMessage:
    message = EmailMultiAlternatives("Hello", "Text", to=["ada@example.com"], **fields)
    message.send()
    return message


@pytest.mark.django_db(transaction=True)  # for the threads, too
def test_response_does_not_wait_for_the_mail_server(
    client: Client, user: AbstractUser, server: Server
) -> None:
    server.works.clear()
    response = client.post(reverse(RESET), {"email": user.email})
    assert response.status_code == 302
    assert server.taken == []
    server.works.set()
    outbox.outbox.wait(10)
    assert [message.to for message in server.taken] == [[user.email]]


@pytest.mark.django_db(transaction=True)  # for the threads, too
def test_account_emails_are_rendered_after_the_response(
    client: Client,
    user: AbstractUser,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A response that rendered one would take longer than one that doesn't."""
    makers = []
    render = DefaultAccountAdapter.render_mail

    def render_mail(*args: Any, **kwargs: Any) -> EmailMessage:
        makers.append(threading.current_thread().name)
        return render(*args, **kwargs)

    monkeypatch.setattr(DefaultAccountAdapter, "render_mail", render_mail)
    client.post(reverse(RESET), {"email": user.email})
    outbox.outbox.wait(10)
    assert makers == ["mail"]
    assert [message.to for message in server.taken] == [[user.email]]


@pytest.mark.django_db(transaction=True)  # for the threads, too
def test_response_does_not_reveal_mail_server_failures(
    client: Client, user: AbstractUser, server: Server
) -> None:
    server.failures = 100
    answers = [
        client.post(reverse(RESET), {"email": email})
        for email in (user.email, "nobody@example.com")
    ]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_email_is_retried(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.failures = 2
    send()
    outbox.outbox.wait(10)
    assert len(server.taken) == 1
    assert levels(caplog) == ["WARNING", "WARNING"]
    assert "ada@example.com" not in caplog.text


def test_lost_email_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.failures = 3
    send()
    outbox.outbox.wait(10)
    assert server.taken == []
    assert levels(caplog) == ["WARNING", "WARNING", "ERROR"]


def test_outbox_has_a_limit(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outbox, "WAITING", 3)
    monkeypatch.setattr(outbox, "outbox", outbox.Outbox())
    server.works.clear()
    for _ in range(outbox.WAITING + outbox.THREADS + 1):
        send()
    assert set(levels(caplog)) == {"ERROR"}


def test_exit_waits_for_unsent_email(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.works.clear()
    send()
    outbox.outbox.wait(0)
    assert levels(caplog) == ["ERROR"]


def test_awaited_email_is_sent_or_raises(server: Server) -> None:
    message = EmailMessage("Hello", "Text", to=["ada@example.com"])
    vars(message)["is_awaited"] = True
    message.send()
    assert server.taken == [message]

    server.failures = 1
    with pytest.raises(smtplib.SMTPServerDisconnected):
        message.send()
