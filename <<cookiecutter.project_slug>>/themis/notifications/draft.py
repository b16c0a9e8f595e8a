"""A validated notification whose text is not yet rendered for its recipients."""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise

from themis.models import Level, UserNotification
from themis.models.notification import TITLE_LENGTH
from themis.models.source import SOURCE_FIELDS, SourceKeyField
from themis.notifications.links import is_safe_url

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

LENGTHS = {
    field.name: field.max_length or 0
    for field in UserNotification._meta.concrete_fields
    if field.name in ("url", *SOURCE_FIELDS)
}
LEVELS = Level.values
# NUL, which PostgreSQL cannot store, and lone surrogates, which cannot be encoded.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """The arguments of `notify_user()`, without the user.

    Raises TypeError or ValueError, naming the fix, for programming errors.
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
        _check_text("title", self.title)
        _check_text("message", self.message)
        if isinstance(self.url, str) and self.url and not is_safe_url(self.url):
            raise ValueError(
                f"Unsafe url {self.url!r}. Use a path of this site that starts with a "
                "single slash, or an http(s) address."
            )
        for name, length in LENGTHS.items():
            _check_name(name, getattr(self, name), length)
        if self.level not in LEVELS:
            raise ValueError(
                f"Unknown level {self.level!r}. Use one of {Level.values}."
            )
        if self.expires_at is not None:
            _check_moment(self.expires_at)

    @property
    def is_lazy(self) -> bool:
        """Whether its text depends on the reader."""
        return isinstance(self.title, Promise) or isinstance(self.message, Promise)

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def rendered(self, now: datetime) -> UserNotification:
        """Return a row without a user, in the current language, formats and zone.

        Raises ValueError for an empty title.
        """
        title = UNSTORABLE.sub("\ufffd", str(self.title)).strip()
        message = UNSTORABLE.sub("\ufffd", str(self.message))
        if not title:
            raise ValueError("The title is empty. Say in a few words what happened.")
        if len(title) > TITLE_LENGTH:
            logger.warning(
                "Shortened a notification title of %d characters.", len(title)
            )
            title = title[: TITLE_LENGTH - 1] + "…"
        notification = UserNotification(
            title=title,
            message=message,
            level=str(self.level),
            url=str(self.url),
            source_app=str(self.source_app),
            source_model=str(self.source_model),
            source_id=str(self.source_id),
            created_at=now,
            expires_at=self.expires_at,
            deduplicated=bool(self.deduplicate) or None,
        )
        notification.source_key = SourceKeyField.of(notification)
        return notification


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str | Promise):
        raise TypeError(
            f"{name}={text!r} is neither a string nor a lazy translation. Pass str() "
            'of it, or "" for none.'
        )


def _check_name(name: str, text: object, length: int) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{name}={text!r} is not a string. Pass str() of it.")
    if len(text) > length:
        raise ValueError(f"{name} is longer than {length} characters: {text!r}.")
    if UNSTORABLE.search(text):
        raise ValueError(
            f"{name}={text!r} has a character that not every database can store. "
            "Remove NUL and lone surrogates."
        )


def _check_moment(moment: datetime) -> None:
    if not isinstance(moment, datetime):
        raise TypeError(f"expires_at={moment!r} is not a datetime.")
    if timezone.is_naive(moment):
        raise ValueError(
            f"expires_at={moment!r} has no time zone. Pass an aware datetime, such as "
            "django.utils.timezone.now() + timedelta(days=1)."
        )
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(
            f"expires_at={moment!r} is a year in UTC that no calendar has. Pass None "
            "for a notification that does not expire."
        ) from None
