"""Users who want emails, and their addresses."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from themis import conf
from themis.models import Level, UserNotification, UserProfile
from themis.models.preferences import DigestFrequency

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.db.models import QuerySet


def readers() -> "QuerySet[Any]":
    """Return the active users who want emails. `has_danger`: one is due at once."""
    danger_at_once = _of_profile(email_danger_at_once=True)
    wanted = danger_at_once | ~_of_profile(email_digest=DigestFrequency.NEVER)
    dangers = UserNotification.objects.unread().filter(
        user=OuterRef("pk"),
        level=Level.DANGER,
        pk__gt=Coalesce(OuterRef("digest_state__mailed_up_to"), Value(0)),
    )
    return (
        get_user_model()
        ._default_manager.filter(wanted, is_active=True)
        .filter(_of_profile(notifications_enabled=True))
        .select_related("profile", "digest_state")
        .annotate(
            has_danger=Case(
                When(danger_at_once, then=Exists(dangers)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )


def address_of(user: "User") -> str:
    """Return the user's email address, or an empty string."""
    if path := conf.email_address():
        return str(import_string(path)(user))
    return str(getattr(user, user.get_email_field_name()))


def _of_profile(**values: object) -> Q:
    """Match a value of the profile, or the default for users without a profile."""
    [(name, value)] = values.items()
    matches = Q(**{f"profile__{name}": value})
    if getattr(UserProfile(), name) == value:
        matches |= Q(profile=None)
    return matches
