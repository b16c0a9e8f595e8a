"""Limits on what one person may send to others within an hour.

The limits are far above normal use, and low enough to stop abuse. The counts are in
the cache; while it raises OutageError, nothing is counted.
"""

import logging
import time

from django.core.cache import cache
from django.forms import BaseForm
from django.utils.translation import gettext as _

from accounts.models import User
from themis.http.outages import OutageError

logger = logging.getLogger(__name__)

HOUR = 60 * 60  # seconds
PER_HOUR = {"announcements": 20, "comments": 100, "invitations": 50, "projects": 20}


def accepts(form: BaseForm, user: User, what: str) -> bool:
    """Return whether the form is valid and within the limit. A valid form counts.

    Otherwise the form has the errors.
    """
    if not form.is_valid():
        return False
    if _count(user, what) > PER_HOUR[what]:
        form.add_error(None, _("You have reached the hourly limit. Try again later."))
        return False
    return True


def _count(user: User, what: str) -> int:
    key = f"tracker.limit:{what}:{user.pk}:{int(time.time() // HOUR)}"
    try:
        cache.add(key, 0, timeout=HOUR)
        return cache.incr(key)
    except ValueError:  # it expired in between
        return 0
    except OutageError as error:
        logger.warning("No limit of %s is in force. %s", what, error)
        return 0
