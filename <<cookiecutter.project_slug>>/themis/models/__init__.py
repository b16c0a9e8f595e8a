from themis.models.api_key import APIKey, APIKeyEvent
from themis.models.batches import in_batches
from themis.models.digest_state import DigestState
from themis.models.level import Level
from themis.models.muted_kind import Channel, MutedKind
from themis.models.notification import UserNotification
from themis.models.profile import UserProfile
from themis.models.sent_form import SentForm
from themis.models.tracked import TrackedModel

__all__ = [
    "APIKey",
    "APIKeyEvent",
    "Channel",
    "DigestState",
    "Level",
    "MutedKind",
    "SentForm",
    "TrackedModel",
    "UserNotification",
    "UserProfile",
    "in_batches",
]
