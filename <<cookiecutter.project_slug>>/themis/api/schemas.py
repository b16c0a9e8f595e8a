"""What requests hold and what answers say."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StrictBool

from themis.api.values import URL, Expiry, Identifier, Message, Name, Title
from themis.models import Level
from themis.models.notification import LARGEST_ID
from themis.notifications.bell import MOST


class Key(Schema):
    name: str
    scopes: list[str]
    expires_at: datetime


class Me(Schema):
    username: str
    email: str
    language: str
    timezone: str
    key: Key


class Notification(Schema):
    id: int
    title: str
    message: str
    level: Level
    url: str
    source_app: str
    source_model: str
    source_id: str
    created_at: datetime
    read_at: datetime | None
    expires_at: datetime | None


class NotificationPage(Schema):
    items: list[Notification] = Field(description="Newest first.")
    next_cursor: int | None = Field(description="For the next page; null: the last.")


class UnreadCount(Schema):
    unread: int = Field(description=f"At most {MOST}.")
    has_more: bool = Field(description="Whether there are more than that.")


class Count(Schema):
    changed: int


class Filters(Schema):
    state: Literal["all", "unread", "read"] = "all"
    level: list[Level] = Field([], description="Any of these.")
    source_app: Name = ""
    source_model: Name = ""
    source_id: Identifier = ""
    cursor: int = Field(
        LARGEST_ID, ge=1, le=LARGEST_ID, description="`next_cursor` of the page before."
    )
    limit: int = Field(25, ge=1, le=100)


class NewNotification(Schema):
    model_config = ConfigDict(extra="forbid")

    title: Title
    message: Message = ""
    level: Level = Level.INFO
    url: URL = Field(
        "", description="Where a click goes: a path of this site, or http(s)."
    )
    source_app: Name = ""
    source_model: Name = ""
    source_id: Identifier = ""
    deduplicate: StrictBool = Field(
        False, description="Not when an unread one of the same source exists."
    )
    expires_at: Expiry = Field(None, description="From when on it is no longer shown.")
