import environ
import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from config.mail import mail_settings


def backend(settings: Settings, url: str) -> BaseEmailBackend:
    """Return what Django sends email with for the given EMAIL_URL."""
    for name, value in mail_settings(environ.Env.email_url_config(url)).items():
        setattr(settings, name, value)
    # % if cookiecutter.django_version == "5.2"
    connection = mail.get_connection()
    # % else
    connection = mail.mailers.default
    # % endif
    return connection


def test_a_mail_server(settings: Settings) -> None:
    smtp = backend(settings, "smtp://mail.example.com:25")
    assert (smtp.host, smtp.port) == ("mail.example.com", 25)
    assert (smtp.username, smtp.password) == ("", "")
    assert (smtp.use_tls, smtp.use_ssl) == (False, False)
    assert smtp.timeout, "A hanging server would block the request forever."


@pytest.mark.parametrize(
    ("scheme", "use_tls", "use_ssl"),
    [("smtp+tls", True, False), ("smtp+ssl", False, True)],
)
def test_a_mail_server_with_encryption(
    settings: Settings, scheme: str, use_tls: bool, use_ssl: bool
) -> None:
    smtp = backend(settings, f"{scheme}://app:p%40ss@mail.example.com:587")
    assert (smtp.username, smtp.password) == ("app", "p@ss")
    assert (smtp.use_tls, smtp.use_ssl) == (use_tls, use_ssl)


def test_the_console(settings: Settings) -> None:
    console = backend(settings, "consolemail://")
    assert console.__class__.__module__ == "django.core.mail.backends.console"
