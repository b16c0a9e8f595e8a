"""Notifications to the owner of a key."""

from typing import TYPE_CHECKING

from themis.api_keys.routes import page_of_keys
from themis.models import APIKey
from themis.notifications import notify_user

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text


def notify_owner(key: APIKey, title: "Text", message: "Text") -> None:
    """Send a warning about the key to its owner, in their language."""
    notify_user(
        key.user,
        title,
        message,
        level="warning",
        url=page_of_keys(),
        source_app="themis",
        source_model="APIKey",
        source_id=str(key.pk),
    )
