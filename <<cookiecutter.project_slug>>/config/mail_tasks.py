"""Send email in Celery tasks: a worker retries for an hour."""

from typing import Any

from celery import current_task, shared_task
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from kombu.exceptions import OperationalError

from config.mail import MailError


def in_worker() -> bool:
    """Return whether this code runs in a task of a worker, which nobody waits for."""
    return bool(current_task) and not current_task.request.is_eager


def queue(message: EmailMessage) -> bool:
    """Queue the message for a worker. Return False if that fails."""
    if not settings.CELERY_BROKER_URL:
        return False
    # Brokers are not made for attachments, and `fields()` handles only plain text.
    if message.attachments or message.content_subtype != "plain":
        return False
    try:
        send.delay(fields(message))
    except OperationalError:
        return False
    return True


def fields(message: EmailMessage) -> dict[str, Any]:
    """Return the fields to recreate the message from, as JSON allows."""
    names = ("from_email", "to", "cc", "bcc", "reply_to")
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "headers": {name: str(text) for name, text in message.extra_headers.items()},
        "alternatives": [
            [str(content), mimetype]
            for content, mimetype in getattr(message, "alternatives", [])
        ],
        **{name: getattr(message, name) for name in names},
    }


@shared_task(
    autoretry_for=[MailError], max_retries=12, retry_backoff=5, retry_jitter=False
)
def send(message: dict[str, Any]) -> None:
    """Send a message. In a worker, the backend sends it immediately."""
    EmailMultiAlternatives(**message).send()
