"""Render lazy text in the language, formats and time zone of its reader."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from themis import formatting
from themis.models import Level, UserNotification, UserProfile
from themis.notifications.draft import Draft

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.db.models import QuerySet

# The values of `UserProfile.VARIANT_FIELDS`, which determine the rendered text.
Variant = tuple[str, ...]


def rendered_for(user: "User", draft: Draft, now: datetime) -> UserNotification:
    """Return the row, rendered for this user. Plain text needs no profile."""
    if not draft.is_lazy:
        return draft.rendered(now)
    with formatting.override(user.profile):
        return draft.rendered(now)


def variants_among(recipients: "QuerySet[User]", level: Level) -> list[Variant]:
    """Return the variants among the users who want this level, with one query."""
    profiles = UserProfile.objects.using(recipients.db).filter(
        user__in=recipients,
        notifications_enabled=True,
        notification_min_level__in=level.passes,
    )
    return list(profiles.values_list(*UserProfile.VARIANT_FIELDS).distinct())


def variant_of(profile: UserProfile) -> Variant:
    return tuple(getattr(profile, name) for name in UserProfile.VARIANT_FIELDS)


def rendered_by_variant(
    variants: Iterable[Variant], draft: Draft, now: datetime
) -> dict[Variant, UserNotification]:
    """Return the rendered row for each variant."""
    rows = {}
    for variant in variants:
        values = zip(UserProfile.VARIANT_FIELDS, variant, strict=True)
        with formatting.override(UserProfile(**dict(values))):
            rows[variant] = draft.rendered(now)
    return rows
