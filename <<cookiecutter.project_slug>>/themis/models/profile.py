"""What a user wants to be told, and in which formats."""

import zoneinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models.fields.related_descriptors import ReverseOneToOneDescriptor
from django.utils.functional import Promise
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext_lazy as _

from themis.models.level import Level


class DateFormat(models.TextChoices):
    """The value is the format itself, in Django's date format characters."""

    ISO = "Y-m-d", "2026-12-31"
    DAY_DOTS = "d.m.Y", "31.12.2026"
    DAY_SLASHES = "d/m/Y", "31/12/2026"
    MONTH_SLASHES = "m/d/Y", "12/31/2026"
    DAY_NAME = "j M Y", "31 Dec 2026"
    MONTH_NAME = "M j, Y", _("Dec 31, 2026")


class TimeFormat(models.TextChoices):
    """The value is the format itself, in Django's date format characters."""

    HOURS_24 = "H:i", "14:30"
    HOURS_12 = "g:i A", "2:30 PM"


class NumberFormat(models.TextChoices):
    """The value is a sample: it shows the separators and the size of the groups."""

    COMMA_POINT = "1,234,567.89", "1,234,567.89"
    POINT_COMMA = "1.234.567,89", "1.234.567,89"
    SPACE_COMMA = "1\u202f234\u202f567,89", "1\u202f234\u202f567,89"
    APOSTROPHE_POINT = "1’234’567.89", "1’234’567.89"
    INDIAN = "12,34,567.89", "12,34,567.89"
    PLAIN = "1234567.89", "1234567.89"


class Weekday(models.IntegerChoices):
    """Numbered as `datetime.date.isoweekday()` does."""

    MONDAY = 1, _("Monday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Theme(models.TextChoices):
    SYSTEM = "system", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def default_timezone() -> str:
    return settings.TIME_ZONE


def default_language() -> str:
    return settings.LANGUAGE_CODE


def languages() -> list[tuple[str, str | Promise]]:
    return list(settings.LANGUAGES)


def validate_timezone(name: str) -> None:
    """Raises ValidationError unless `name` is in the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a time zone. Use a name such as Europe/Berlin."),
            code="timezone",
            params={"name": name},
        )


class ProfileDescriptor(ReverseOneToOneDescriptor):
    """`user.profile` is always there, at first unsaved and with the defaults.

    Bulk-created and fixture-loaded users have no row until they save their profile.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        try:
            return super().__get__(instance, cls)
        except UserProfile.DoesNotExist:
            # It remembers its user, and the user remembers it.
            return UserProfile(user=instance)


class ProfileField(models.OneToOneField):
    related_accessor_class = ProfileDescriptor


class UserProfile(models.Model):
    # The fields that decide how a text reads. Two users who agree in all of them read
    # the same. The first day of the week shows in a calendar, but in no text.
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

    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_timezone,
        validators=[validate_timezone],
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default=default_language,
        choices=languages,
    )
    date_format = models.CharField(
        _("dates"), max_length=16, choices=DateFormat, default=DateFormat.ISO
    )
    time_format = models.CharField(
        _("times"), max_length=16, choices=TimeFormat, default=TimeFormat.HOURS_24
    )
    number_format = models.CharField(
        _("numbers"),
        max_length=16,
        choices=NumberFormat,
        default=NumberFormat.COMMA_POINT,
    )
    first_day_of_week = models.PositiveSmallIntegerField(
        _("first day of the week"), choices=Weekday, default=Weekday.MONDAY
    )
    theme = models.CharField(
        _("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM
    )

    notifications_enabled = models.BooleanField(_("enable notifications"), default=True)
    notification_min_level = models.CharField(
        _("minimum level"), max_length=8, choices=Level, default=Level.INFO
    )
    browser_notifications = models.BooleanField(
        _("desktop notifications"), default=False
    )
    notification_retention_days = models.PositiveSmallIntegerField(
        _("keep read notifications for"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)

    def save(self, **kwargs: Any) -> None:
        """Save it as usual, also when another process has created it meanwhile."""
        if self.pk is not None or self.user_id is None:
            return super().save(**kwargs)
        try:
            with transaction.atomic(using=kwargs.get("using")):
                return super().save(**kwargs)
        except IntegrityError:
            self.pk = UserProfile.objects.values_list("pk", flat=True).get(
                user_id=self.user_id
            )
            self._state.adding = False
            return super().save(**kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone, or the site's while the database lacks the user's.

        Zones are renamed and dropped: that must not lock a user out of every page.
        """
        try:
            return ZoneInfo(self.timezone)
        except (LookupError, OSError, ValueError):
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def spoken_language(self) -> str:
        """Return the language, or the site's while the site does not offer the user's.

        A variant that the site does not offer, such as de-at, gives way to the nearest
        that it does, as in Django's own choice of a language.
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
