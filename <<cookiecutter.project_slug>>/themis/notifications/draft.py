"""A notification before anybody gets it: checked, its text not yet rendered."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise

from themis.models import Level, UserNotification
from themis.models.notification import SOURCE_FIELDS, TITLE_LENGTH
from themis.notifications.links import is_safe_url

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

FIELDS = {field.name: field for field in UserNotification._meta.concrete_fields}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """The arguments of `notify_user()`, without the user.

    Raises TypeError and ValueError, naming the fix, for arguments that no user could
    have caused.
    """

    title: "Text"
    message: "Text"
    level: str
    url: str
    source_app: str
    source_model: str
    source_id: str
    deduplicate: bool
    expires_at: datetime | None

    def __post_init__(self) -> None:
        for name in ("title", "message"):
            _check_text(name, getattr(self, name))
        for name in ("url", *SOURCE_FIELDS):
            _check_length(name, getattr(self, name))
        if self.url and not is_safe_url(self.url):
            raise ValueError(
                f"Unsafe url {self.url!r}. Use a path of this site that starts with a "
                "single slash, or an http(s) address."
            )
        if self.level not in Level.values:
            raise ValueError(
                f"Unknown level {self.level!r}. Use one of {Level.values}."
            )
        if self.expires_at is not None and timezone.is_naive(self.expires_at):
            raise ValueError(
                f"expires_at={self.expires_at!r} has no time zone. Pass an aware "
                "datetime, such as django.utils.timezone.now() + timedelta(days=1)."
            )

    @property
    def is_lazy(self) -> bool:
        """Whether its text differs from reader to reader."""
        return isinstance(self.title, Promise) or isinstance(self.message, Promise)

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def rendered(self, now: datetime) -> UserNotification:
        """Return the row, for nobody yet, in the current language, formats and zone.

        Raises ValueError for a title that is empty.
        """
        # PostgreSQL cannot store a NUL.
        title = str(self.title).replace("\0", "\ufffd").strip()
        message = str(self.message).replace("\0", "\ufffd")
        if not title:
            raise ValueError("The title is empty. Say in a few words what happened.")
        if len(title) > TITLE_LENGTH:
            logger.warning(
                "Shortened a notification title of %d characters.", len(title)
            )
            title = title[: TITLE_LENGTH - 1] + "…"
        return UserNotification(
            title=title,
            message=message,
            level=str(self.level),
            url=self.url,
            source_app=self.source_app,
            source_model=self.source_model,
            source_id=self.source_id,
            created_at=now,
            expires_at=self.expires_at,
            deduplication_key=self._key(title, message) if self.deduplicate else None,
        )

    def _key(self, title: str, message: str) -> uuid.UUID:
        """Return what duplicates share: their source, or without one, their text."""
        identity = [self.source_app, self.source_model, self.source_id]
        if not any(identity):
            identity = [title, message, str(self.level), self.url]
        digest = blake2b(repr(identity).encode(), digest_size=16).digest()
        return uuid.UUID(bytes=digest)


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str | Promise):
        raise TypeError(
            f"{name}={text!r} is neither a string nor a lazy translation. Pass str() "
            'of it, or "" for none.'
        )


def _check_length(name: str, text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{name}={text!r} is not a string. Pass str() of it.")
    limit = FIELDS[name].max_length or 0
    if len(text) > limit:
        raise ValueError(f"{name} is longer than {limit} characters: {text!r}.")
