"""Translate the variable EMAIL_URL into Django's settings. config/outbox.py sends."""

from collections.abc import Mapping

TIMEOUT = 10  # seconds
SMTP = "django.core.mail.backends.smtp.EmailBackend"
AFTER_THE_ANSWER = "config.outbox.EmailBackend"


class MailError(Exception):
    """The mail server rejected a message. It is logged, so it must not name anybody."""


def site_url(host: str, *, debug: bool) -> str:
    """Return the default of SITE_URL, where emails link to."""
    return "http://localhost:8000" if debug else f"https://{host.lstrip('.')}"


def mail_settings(mail: Mapping[str, object]) -> dict[str, object]:
    """Return the settings for a mail server, from the result of `env.email()`."""
    backend = mail["EMAIL_BACKEND"]
    if backend == SMTP:
        backend = AFTER_THE_ANSWER
    # % if cookiecutter.django_version == "5.2"
    return {
        "EMAIL_BACKEND": backend,
        "EMAIL_HOST": mail["EMAIL_HOST"],
        "EMAIL_PORT": mail["EMAIL_PORT"],
        "EMAIL_HOST_USER": mail["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": mail["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": mail.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": mail.get("EMAIL_USE_SSL", False),
        "EMAIL_TIMEOUT": TIMEOUT,
    }
    # % else
    options = {
        "host": mail["EMAIL_HOST"],
        "port": mail["EMAIL_PORT"],
        "username": mail["EMAIL_HOST_USER"] or "",
        "password": mail["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": mail.get("EMAIL_USE_TLS", False),
        "use_ssl": mail.get("EMAIL_USE_SSL", False),
        "timeout": TIMEOUT,
    }
    mailer = {
        "BACKEND": backend,
        # Backends that need no server, such as the console's, reject these options.
        "OPTIONS": options if mail["EMAIL_HOST"] else {},
    }
    return {"MAILERS": {"default": mailer}}
    # % endif
