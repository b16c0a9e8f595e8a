"""Schemas of requests and responses."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StrictBool
from pydantic.config import JsonDict

from themis.api.values import URL, Expiry, Identifier, Message, Name, Title
from themis.models import Level
from themis.models.notification import LARGEST_ID
from themis.notifications.bell import MOST

# The example of a sent notification, and of the same in the mailbox.
BUILD_FAILED: JsonDict = {
    "title": "Build failed",
    "message": "Step 3 of main did not finish.",
    "level": "danger",
    "url": "https://ci.example.com/7",
    "source_app": "ci",
    "source_model": "Build",
    "source_id": "main",
}
NOTIFICATION: JsonDict = {
    "id": 1,
    **BUILD_FAILED,
    "created_at": "2026-11-04T09:30:00Z",
    "read_at": None,
    "dismissed_at": None,
    "expires_at": None,
}


class Key(Schema):
    name: str = Field(examples=["Nightly build"])
    scopes: list[str] = Field(
        examples=[["notifications:read", "notifications:write", "notifications:send"]]
    )
    expires_at: datetime


class Me(Schema):
    username: str = Field(examples=["ada"])
    email: str = Field(examples=["ada@example.com"])
    language: str = Field(examples=["en"])
    timezone: str = Field(examples=["Europe/Berlin"])
    key: Key


class Notification(Schema):
    model_config = ConfigDict(json_schema_extra={"examples": [NOTIFICATION]})

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
    dismissed_at: datetime | None
    expires_at: datetime | None


class NotificationPage(Schema):
    items: list[Notification] = Field(description="Newest first.")
    next_cursor: int | None = Field(
        description="For the next page; null on the last one.", examples=[None]
    )


class UnreadCount(Schema):
    unread: int = Field(description=f"At most {MOST}.")
    has_more: bool = Field(description="Whether there are more.", examples=[False])


class Count(Schema):
    changed: int


class Filters(Schema):
    state: Literal["all", "unread", "read", "dismissed"] = Field(
        "all",
        description="Only `dismissed` includes dismissed ones.",
        examples=["unread"],
    )
    level: list[Level] = Field([], description="Any of these.", examples=[["danger"]])
    source_app: Name = Field("", examples=["ci"])
    source_model: Name = Field("", examples=["Build"])
    source_id: Identifier = Field("", examples=["main"])
    cursor: int = Field(
        LARGEST_ID,
        ge=1,
        le=LARGEST_ID,
        description="`next_cursor` of the previous page.",
        examples=[26],
    )
    limit: int = Field(25, ge=1, le=100, examples=[25])


class NewNotification(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{**BUILD_FAILED, "deduplicate": True}]},
    )

    title: Title
    message: Message = ""
    level: Level = Level.INFO
    url: URL = Field(
        "", description="The link: a path on this site, or an http(s) URL."
    )
    source_app: Name = ""
    source_model: Name = ""
    source_id: Identifier = ""
    deduplicate: StrictBool = Field(
        False, description="Skip it if an unread one from the same source exists."
    )
    expires_at: Expiry = Field(None, description="When to stop showing it.")
