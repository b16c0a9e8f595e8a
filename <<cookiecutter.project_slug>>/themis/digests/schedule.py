"""When the digest of a user is due."""

from datetime import UTC, datetime, timedelta

from themis.models import UserProfile
from themis.models.preferences import DigestFrequency


def last_due(profile: UserProfile, now: datetime) -> datetime | None:
    """Return the last moment at which a digest was due, or None.

    A daily digest is due when the user's clock first shows their hour, or skips it.
    """
    if profile.email_digest == DigestFrequency.HOURLY:
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if profile.email_digest != DigestFrequency.DAILY:
        return None
    today = now.astimezone(profile.zone).replace(
        hour=profile.email_digest_hour, minute=0, second=0, microsecond=0, fold=0
    )
    if today.astimezone(UTC) > now:
        today -= timedelta(days=1)
    return today.astimezone(UTC)
