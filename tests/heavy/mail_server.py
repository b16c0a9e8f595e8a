"""A mail server that keeps what it gets, hangs, or is not there."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.heavy.processes import free_port


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
        recipients = self.recipients

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 ready")
                while line := self.rfile.readline().decode().strip():
                    command = line[:4].upper()
                    if command == "RCPT":
                        recipients.append(line.partition("<")[2].partition(">")[0])
                    if command == "DATA":
                        self.say("354 go on")
                        while self.rfile.readline().strip() != b".":
                            pass
                    self.say("221 bye" if command == "QUIT" else "250 done")

            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        with Server(("127.0.0.1", self.port), Conversation) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield
            server.shutdown()
