"""The forms that create and rotate API keys."""

import ipaddress
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from themis import api_keys, conf


class OnceForm(forms.Form):
    """A form that creates one key, however often the browser sends it."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NetworksField(forms.CharField):
    """Networks, separated by commas or spaces. Its value is a list of strings."""

    def clean(self, value: str | None) -> list[str]:
        networks = super().clean(value).replace(",", " ").split()
        if len(networks) > 20:
            raise ValidationError(_("Enter at most 20 networks."))
        return [self._network(network) for network in networks]

    def _network(self, text: str) -> str:
        try:
            return str(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise ValidationError(
                _("%(text)s is not a network. Use the form 192.0.2.0/24."),
                params={"text": text},
            ) from None


class CreateForm(OnceForm):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the key is for.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=lambda: conf.api_scopes().items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("Expires after"),
        coerce=int,
        choices=[
            (7, _("A week")),
            (30, _("30 days")),
            (api_keys.LIFETIME_DAYS, _("90 days")),
            (api_keys.LONGEST_DAYS, _("A year")),
        ],
        initial=api_keys.LIFETIME_DAYS,
    )
    networks = NetworksField(
        label=_("Allowed networks"),
        max_length=1000,
        required=False,
        help_text=_(
            "For example 192.0.2.0/24. Separate networks with commas. Leave empty to "
            "allow any."
        ),
    )


class RotateForm(OnceForm):
    hours = forms.TypedChoiceField(
        label=_("The old key stops working"),
        coerce=int,
        choices=[
            (0, _("Immediately")),
            (1, _("After an hour")),
            (24, _("After a day")),
            (24 * 7, _("After a week")),
        ],
        initial=24,
    )
