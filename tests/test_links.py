"""`make links` finds links that lead nowhere."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.links import links, problem


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_links_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "[x](https://example.com/a#b) [y](docs/y.md) `https://no.example`"
    )
    (tmp_path / "b.md").write_text("[again](https://example.com/a)")
    assert links(tmp_path.glob("*.md")) == ["https://example.com/a"]


@pytest.mark.parametrize("status", [200, 403, 429])
def test_existing_page(site: str, status: int) -> None:
    assert problem(f"{site}/{status}") is None


@pytest.mark.parametrize("status", [404, 410, 500])
def test_missing_page(site: str, status: int) -> None:
    found = problem(f"{site}/{status}")
    assert found is not None
    assert found.startswith(str(status))


def test_missing_site() -> None:
    assert "Errno" in str(problem("http://127.0.0.1:9/"))
