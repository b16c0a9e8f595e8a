"""The warning before a key expires. Run `manage.py api_keys warn` once a day."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from themis.api_keys.notices import notify_owner
from themis.models import APIKey

EXPIRY_WARNING = timedelta(days=7)


def warn_of_expiry() -> int:
    """Notify owners of keys that expire within a week, once for each key.

    Return the number of keys.
    """
    soon = timezone.now() + EXPIRY_WARNING
    expiring = APIKey.objects.active().filter(
        expires_at__lte=soon, expiry_notified_at=None
    )
    warned = 0
    for key in expiring.select_related("user__profile").iterator():
        with transaction.atomic():
            # If two jobs run at once, only the first to record it sends it.
            if not APIKey.objects.filter(pk=key.pk, expiry_notified_at=None).update(
                expiry_notified_at=timezone.now()
            ):
                continue
            notify_owner(
                key,
                format_lazy(_("API key expires soon: {name}"), name=key.name),
                _("Rotate it before the scripts that use it stop working."),
            )
        warned += 1
    return warned
