"""The preferences of a user: notifications, language and formats."""

from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models.fields.related_descriptors import ReverseOneToOneDescriptor
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext_lazy as _

from themis.models.level import Level
from themis.models.preferences import (
    FORMAT_LENGTH,
    DigestFrequency,
    FormatField,
    Theme,
    Weekday,
    date_formats,
    default,
    hours,
    languages,
    number_formats,
    time_formats,
    validate_timezone,
)


class ProfileDescriptor(ReverseOneToOneDescriptor):
    """Make `user.profile` always exist, unsaved with the defaults if it has no row.

    Bulk-created and fixture-loaded users have no row until they save their profile.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        try:
            return super().__get__(instance, cls)
        except UserProfile.DoesNotExist:
            # This also caches each on the other.
            return UserProfile(user=instance)


class ProfileField(models.OneToOneField):
    related_accessor_class = ProfileDescriptor


class UserProfile(models.Model):
    # The fields that affect rendered text. Users with equal values read the same text.
    # The first day of the week affects calendars, but no text.
    VARIANT_FIELDS: ClassVar[tuple[str, ...]] = (
        "language",
        "timezone",
        "date_format",
        "time_format",
        "number_format",
    )

    user = ProfileField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )

    # Choices and defaults are functions, so settings can change without a migration.
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default=partial(default, "timezone"),
        validators=[validate_timezone],
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default=partial(default, "language"),
        choices=languages,
    )
    date_format = FormatField(
        _("dates"),
        max_length=FORMAT_LENGTH,
        choices=date_formats,
        default=partial(default, "date_format"),
    )
    time_format = FormatField(
        _("times"),
        max_length=FORMAT_LENGTH,
        choices=time_formats,
        default=partial(default, "time_format"),
    )
    number_format = FormatField(
        _("numbers"),
        max_length=FORMAT_LENGTH,
        choices=number_formats,
        default=partial(default, "number_format"),
    )
    first_day_of_week = models.PositiveSmallIntegerField(
        _("first day of the week"),
        choices=Weekday,
        default=partial(default, "first_day_of_week"),
    )
    theme = models.CharField(
        _("theme"),
        max_length=8,
        choices=Theme,
        default=partial(default, "theme"),
    )

    notifications_enabled = models.BooleanField(
        _("enable notifications"), default=partial(default, "notifications_enabled")
    )
    notification_min_level = models.CharField(
        _("minimum level"),
        max_length=8,
        choices=Level,
        default=partial(default, "notification_min_level"),
    )
    browser_notifications = models.BooleanField(
        _("desktop notifications"), default=partial(default, "browser_notifications")
    )
    notification_retention_days = models.PositiveSmallIntegerField(
        _("keep read notifications for"),
        default=partial(default, "notification_retention_days"),
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    email_digest = models.CharField(
        _("email digest"),
        max_length=8,
        choices=DigestFrequency,
        default=partial(default, "email_digest"),
    )
    email_digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily digest"),
        choices=hours,
        default=partial(default, "email_digest_hour"),
    )
    email_danger_at_once = models.BooleanField(
        _("email about danger at once"),
        default=partial(default, "email_danger_at_once"),
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)

    def save(self, **kwargs: Any) -> None:
        """Save it, even if another process has created its row meanwhile."""
        if self.pk is not None or self.user_id is None:
            return super().save(**kwargs)
        try:
            with transaction.atomic(using=kwargs.get("using")):
                return super().save(**kwargs)
        except IntegrityError:
            profiles = UserProfile.objects.using(kwargs.get("using"))
            other = profiles.filter(user=self.user_id).first()
            if other is None:
                raise
            self.pk, self._state.adding = other.pk, False
            return super().save(**kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone, or the site's if the zone database lacks the user's.

        Zones get renamed and removed. That must not lock a user out of every page.
        """
        try:
            return ZoneInfo(self.timezone)
        except (LookupError, OSError, ValueError):
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def spoken_language(self) -> str:
        """Return the language, or the site's if the site does not offer the user's.

        As in Django, a variant that is not offered, such as de-at, falls back to the
        closest one.
        """
        try:
            return get_supported_language_variant(self.language)
        except LookupError:
            return settings.LANGUAGE_CODE

    def wants(self, level: Level | str) -> bool:
        """Return whether to create a notification of this level for the user.

        Raises ValueError for an unknown level.
        """
        return (
            self.notifications_enabled
            and self.notification_min_level in Level(level).passes
        )
