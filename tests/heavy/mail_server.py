"""A mail server that keeps what it gets, hangs, or is not there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.heavy.processes import free_port


class Handler(Message):
    def __init__(self, recipients: list[str]) -> None:
        super().__init__()
        self.recipients = recipients

    def handle_message(self, message: EmailMessage) -> None:
        self.recipients += message["X-RcptTo"].split(", ")


class MailServer:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.recipients: list[str] = []

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Accepts connections, and says nothing."""
        with socket.create_server(("127.0.0.1", self.port)):
            yield

    @contextmanager
    def running(self) -> Iterator[None]:
        server = Controller(Handler(self.recipients), "127.0.0.1", self.port)
        server.start()
        try:
            yield
        finally:
            server.stop()
