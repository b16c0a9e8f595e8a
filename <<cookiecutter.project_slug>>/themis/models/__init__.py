from themis.models.api_key import APIKey, APIKeyEvent
from themis.models.level import Level
from themis.models.notification import UserNotification
from themis.models.profile import UserProfile

__all__ = ["APIKey", "APIKeyEvent", "Level", "UserNotification", "UserProfile"]
