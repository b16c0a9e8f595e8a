"""A mail server that keeps messages, refuses them, drops them, hangs, or is down."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.heavy.processes import free_port


class Handler(Message):
    def __init__(self, server: "MailServer") -> None:
        super().__init__()
        self.server = server

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.server.unknown:
            return "550 Nobody of this name is here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.server.drops and server.transport:
            server.transport.abort()  # it has the message, but the client doesn't know
        return answer

    def handle_message(self, message: EmailMessage) -> None:
        self.server.recipients += message["X-RcptTo"].split(", ")
        self.server.messages.append(message)


class MailServer:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.recipients: list[str] = []
        self.messages: list[EmailMessage] = []
        self.unknown: set[str] = set()
        self.drops = False

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Accept connections, and never reply."""
        with socket.create_server(("127.0.0.1", self.port)):
            yield

    @contextmanager
    def running(self) -> Iterator[None]:
        server = Controller(Handler(self), "127.0.0.1", self.port)
        server.start()
        try:
            yield
        finally:
            server.stop()
