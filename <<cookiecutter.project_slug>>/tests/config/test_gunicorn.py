"""Which request headers gunicorn accepts."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeaderName
from gunicorn.http.parser import RequestParser


@pytest.fixture(scope="module")
def config() -> Config:
    """Return gunicorn's configuration, as `gunicorn config.wsgi` reads it."""
    config = Config()
    file = Path(settings.BASE_DIR, "gunicorn.conf.py")
    for name, value in runpy.run_path(str(file)).items():
        if name in config.settings:
            config.set(name, value)
    return config


@pytest.mark.parametrize(
    "header", ["SCRIPT_NAME", "PATH_INFO", "REMOTE_USER", "X_Forwarded_For", "a_b"]
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.1"])
def test_headers_with_an_underscore_are_refused(
    config: Config, header: str, peer: str
) -> None:
    request = f"GET / HTTP/1.1\r\nHost: example.com\r\n{header}: /x\r\n\r\n"
    with pytest.raises(InvalidHeaderName):
        next(RequestParser(config, [request.encode()], (peer, 1)))
