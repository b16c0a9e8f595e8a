"""Checks of production settings: `manage.py check --deploy`."""

from django.core.checks import CheckMessage, Error, register

from config.env import secret


@register(deploy=True)
def check_mail(**kwargs: object) -> list[CheckMessage]:
    """Require a mail server: without one, nobody can reset a password."""
    if secret("EMAIL_URL"):
        return []
    return [
        Error(
            "Emails cannot be sent: the variable EMAIL_URL is missing.",
            hint="Set EMAIL_URL, or EMAIL_URL_FILE. .env.example has an example.",
            id="accounts.E001",
        )
    ]
