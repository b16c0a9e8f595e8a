"""Value types of requests, with the checks that Python types cannot express."""

from datetime import datetime, timedelta
from typing import Annotated

from django.utils import timezone
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

from themis.models.notification import TITLE_LENGTH
from themis.notifications import is_safe_url

FURTHEST_EXPIRY = timedelta(days=3650)

# PostgreSQL cannot store a NUL.
NO_NUL = r"^[^\x00]*$"


def _is_text(value: object) -> object:
    """Refuse numbers: JSON has no dates, so they are written as text."""
    if value is not None and not isinstance(value, str):
        raise ValueError("Write it as text, such as 2026-12-31T14:30:00Z.")
    return value


def _is_in_the_near_future(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if not timezone.now() < moment < timezone.now() + FURTHEST_EXPIRY:
        raise ValueError("It is not in the next ten years.")
    return moment


def _is_not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("It is blank.")
    return text


def _is_safe_url(url: str) -> str:
    if url and not is_safe_url(url):
        raise ValueError("Use a path of this site, or an http(s) address.")
    return url


Name = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]
Identifier = Annotated[str, StringConstraints(max_length=255, pattern=NO_NUL)]
Message = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TITLE_LENGTH, pattern=NO_NUL),
    AfterValidator(_is_not_blank),
]
URL = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=NO_NUL),
    AfterValidator(_is_safe_url),
]
Expiry = Annotated[
    AwareDatetime | None,
    BeforeValidator(_is_text),
    AfterValidator(_is_in_the_near_future),
]
