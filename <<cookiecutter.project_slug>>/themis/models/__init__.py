from themis.models.level import Level
from themis.models.notification import UserNotification
from themis.models.profile import UserProfile

__all__ = ["Level", "UserNotification", "UserProfile"]
