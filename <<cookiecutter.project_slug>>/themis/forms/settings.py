"""The settings of a user: name, language and formats, notifications."""

from collections.abc import Iterator
from datetime import time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.forms.models import fields_for_model
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from themis import conf, formatting
from themis.digests.readers import address_of
from themis.forms.widgets import TimeZoneSelect, format_attrs
from themis.models import Channel, DigestState, Level, UserProfile
from themis.models.preferences import date_formats, number_formats, time_formats
from themis.notifications.kinds import Kind, mutable_kinds, muted_by_channel

USER_FIELDS = ("first_name", "last_name")
# The fields that list the kinds of notification for each channel.
KINDS = {"kinds": Channel.APP, "email_kinds": Channel.EMAIL}
SECTIONS = (
    (gettext_lazy("Profile"), USER_FIELDS),
    (
        gettext_lazy("Language and formats"),
        (
            *("language", "timezone", "date_format", "time_format"),
            *("number_format", "first_day_of_week"),
        ),
    ),
    (gettext_lazy("Appearance"), ("theme",)),
    (
        gettext_lazy("Notifications"),
        (
            *("notifications_enabled", "notification_min_level"),
            *("kinds", "browser_notifications"),
            *("email_digest", "email_digest_hour", "email_danger_at_once"),
            "notification_retention_days",
        ),
    ),
)


class ProfileForm(forms.ModelForm):
    """A form that offers the formats of the site and of the profile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, formats in (
            ("date_format", date_formats),
            ("time_format", time_formats),
            ("number_format", number_formats),
        ):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = formats(getattr(self.instance, name))


class SettingsForm(ProfileForm):
    class Meta:
        model = UserProfile
        fields = [
            name
            for _title, names in SECTIONS
            for name in names
            if name not in (*USER_FIELDS, *KINDS)
        ]
        labels = {
            "notifications_enabled": gettext_lazy("Send me notifications"),
            "notification_min_level": gettext_lazy("Send me"),
            "browser_notifications": gettext_lazy("Show desktop notifications"),
            "email_digest": gettext_lazy("Email me about unread notifications"),
            "email_digest_hour": gettext_lazy("Send the daily email at"),
            "email_danger_at_once": gettext_lazy(
                "Email me danger notifications immediately"
            ),
            "notification_retention_days": gettext_lazy(
                "Days until read notifications are deleted"
            ),
        }
        help_texts = {
            "notifications_enabled": gettext_lazy(
                "When this is off, nothing new arrives. Notifications that you already "
                "have are kept."
            ),
            "browser_notifications": gettext_lazy(
                "While a page of this site is open, in each browser where you allow it."
            ),
        }
        widgets = {"timezone": TimeZoneSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = mutable_kinds()
        profile = self.instance
        for name, field in fields_for_model(get_user_model(), USER_FIELDS).items():
            self.fields[name] = field
            self.initial.setdefault(name, getattr(profile.user, name))
        if profile.notification_min_level == Level.SUCCESS:
            self.initial["notification_min_level"] = Level.INFO  # of equal weight
        for name, choices in (
            ("language", list(_languages())),
            ("notification_min_level", list(_levels())),
        ):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        if self.kinds:
            muted = muted_by_channel(profile.user)
            for name, channel in KINDS.items():
                self.fields[name] = forms.MultipleChoiceField(
                    label=channel.label,
                    required=False,
                    choices=[(key, kind.label) for key, kind in self.kinds.items()],
                )
                keys = {kind.key for kind in muted[channel]}
                self.initial[name] = [key for key in self.kinds if key not in keys]
        self.order_fields([name for _title, names in SECTIONS for name in names])
        hour = cast(forms.TypedChoiceField, self.fields["email_digest_hour"])
        hour.choices = [(n, formatting.format_time(time(n))) for n in range(24)]
        self.fields["email_digest"].help_text = _where_emails_go(profile)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]  # nothing to choose
        ceiling = conf.max_age_days()
        retention = cast(forms.IntegerField, self.fields["notification_retention_days"])
        retention.validators.append(MaxValueValidator(ceiling))
        kept = profile.notification_retention_days
        self.initial["notification_retention_days"] = min(kept, ceiling)
        retention.help_text = ngettext(
            "At most %(count)d day on this site. Unread notifications are kept.",
            "At most %(count)d days on this site. Unread notifications are kept.",
            ceiling,
        ) % {"count": ceiling}

    def sections(self) -> Iterator[tuple[Promise, list[forms.BoundField]]]:
        for title, names in SECTIONS:
            yield title, [self[name] for name in names if name in self.fields]

    def kinds_by_channel(self) -> Iterator[tuple[Kind, list[tuple[str, bool]]]]:
        """Yield the rows of a table: a kind, and whether each channel is on."""
        values = {name: self[name].value() or [] for name in KINDS}
        for key, kind in self.kinds.items():
            yield kind, [(name, key in values[name]) for name in KINDS]

    def preview(self) -> dict[str, str]:
        """The current time, for `frontend/js/preview.js` to keep up to date."""
        now = formatting.format_datetime(timezone.now())
        offered = date_formats(self.instance.date_format)
        offered += time_formats(self.instance.time_format)
        return {
            "text": f"{now} · {formatting.current_profile().number_format}",
            "names": format_attrs(" ".join(dict(offered)))["data-names"],
        }

    @transaction.atomic
    def save(self, commit: bool = True) -> UserProfile:
        user = self.instance.user
        names = [name for name in USER_FIELDS if name in self.fields]
        for name in names:
            setattr(user, name, self.cleaned_data[name])
        user.save(update_fields=names)
        for name, channel in KINDS.items():
            if name in self.changed_data:
                for key, kind in self.kinds.items():
                    is_on = key in self.cleaned_data[name]
                    (kind.unmute if is_on else kind.mute)(user, channel)
        if {"email_digest", "email_digest_hour"} & set(self.changed_data):
            # Digests that were due before the user chose them are not sent.
            DigestState.objects.update_or_create(
                user=user, defaults={"done_at": timezone.now()}
            )
        profile: UserProfile = super().save(commit)
        return profile


def _where_emails_go(profile: UserProfile) -> str:
    if address := address_of(profile.user):
        return _("Sent to %(address)s. Contains only what you have not read.") % {
            "address": escape(address)
        }
    return _("No emails are sent until you confirm an email address.")


def _languages() -> Iterator[tuple[str, str]]:
    """Yield each language with its name in that language."""
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            yield code, str(name)


def _levels() -> Iterator[tuple[str, str]]:
    yield Level.INFO.value, _("Everything")
    yield Level.WARNING.value, _("Only warnings and danger")
    yield Level.DANGER.value, _("Only danger")
