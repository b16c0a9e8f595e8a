"""Mozilla's HTTP Observatory, run on this machine against a generated project."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heavy.processes import free_port, missing
from tests.heavy.server import Server, running

SCANNER = "@mdn/mdn-http-observatory"


class Front:
    """Terminate TLS in front of a server. Plain HTTP and TLS share a port, since the scanner
    requests both under one name."""

    def __init__(self, server: int, certificate: Path, key: Path) -> None:
        self.server = server
        self.port = free_port()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._answer, args=[client], daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        """Answer one request."""
        first = client.recv(1, socket.MSG_PEEK)
        scheme = "http"
        if first == b"\x16":  # a TLS handshake
            client, scheme = self.context.wrap_socket(client, server_side=True), "https"
        with client, socket.create_connection(("127.0.0.1", self.server)) as server:
            request = b""
            while b"\r\n\r\n" not in request:
                request += client.recv(65536)
            line, rest = request.split(b"\r\n", 1)
            added = f"X-Forwarded-Proto: {scheme}\r\nConnection: close\r\n".encode()
            rest = b"\r\n".join(
                header
                for header in rest.split(b"\r\n")
                if not header.lower().startswith(b"connection:")
            )
            server.sendall(line + b"\r\n" + added + rest)
            while data := server.recv(65536):
                client.sendall(data)


@pytest.fixture
def scanner(tmp_path: Path) -> Path:
    if not (shutil.which("npm") and shutil.which("node")):
        missing("Node with npm")
    folder = tmp_path / "scanner"
    folder.mkdir()
    # Skip its scripts: one of them downloads certificates that loopback does not need.
    install = subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", f"{SCANNER}@^1"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if install.returncode:
        missing(f"{SCANNER} from npm")
    package = folder / "node_modules" / SCANNER
    # An empty list of preloaded hosts, which it would otherwise download.
    (package / "conf/hsts-preload.json").write_text("{}")
    return package / "src/scan.js"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    if not shutil.which("openssl"):
        missing("openssl")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "1"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", key, "-out", certificate),
        ],
        capture_output=True,
        check=True,
    )
    return certificate, key


@pytest.fixture
def front(project: Path, certificate: tuple[Path, Path], tmp_path: Path) -> Iterator[Front]:
    copy = shutil.copytree(
        project, tmp_path / "project", ignore=shutil.ignore_patterns(".venv", "db.sqlite3*")
    )
    (copy / ".venv").symlink_to(project / ".venv")
    server = Server(copy, f"sqlite:///{tmp_path / 'db.sqlite3'}")
    server.environment["ALLOWED_HOSTS"] = "localhost"
    server.manage("migrate", "-v0")
    server.manage("collectstatic", "--no-input", "-v0")
    with running(server):
        front = Front(server.port, *certificate)
        yield front
        front.listener.close()


@pytest.mark.parametrize("path", ["", "/accounts/login/"])
def test_grade(scanner: Path, front: Front, certificate: tuple[Path, Path], path: str) -> None:
    scan = subprocess.run(
        ["node", scanner, f"localhost:{front.port}{path}"],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate[0])},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(scan.stdout)
    failed = {name: test for name, test in report.get("tests", {}).items() if not test["pass"]}
    assert report.get("scan", report).get("grade") == "A+", failed or report
    assert report["scan"]["score"] >= 130
    assert failed == {}
