"""Sending the emails that are due. A failure does not stop the others."""

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from themis.digests.claim import Claim, claim
from themis.digests.message import DigestMessage, message_for
from themis.digests.readers import address_of, readers
from themis.digests.schedule import last_due
from themis.models.batches import in_batches

logger = logging.getLogger(__name__)

# After this many emails in a row without an answer, the mail server counts as down.
SILENCES = 3


@dataclass
class Outcome:
    sent: int = 0
    failed: int = 0
    is_server_down: bool = False


def send_due() -> Outcome:
    """Send every email that is due. Stop early when the mail server is down."""
    outcome = Outcome()
    silences = 0
    for user in in_batches(readers()):
        claimed, message = _mail_for(user)
        if claimed is None or message is None:
            continue
        try:
            message.send()
        except (OSError, ValueError) as error:
            # The error's text may contain the address.
            logger.warning("Email to user %s: %s", user.pk, type(error).__name__)
            outcome.failed += 1
            if not _is_silence(error):
                silences = 0
                continue  # the claim prevents an immediate retry
            claimed.give_back()
            silences += 1
            if silences == SILENCES:
                outcome.is_server_down = True
                break
        else:
            claimed.done()
            outcome.sent += 1
            silences = 0
    return outcome


def _mail_for(user: Any) -> "tuple[Claim | None, DigestMessage | None]":
    """Return the email that is due, with the claim to send it."""
    now = timezone.now()
    if not (user.has_danger or _is_due(user, now)):
        return None, None
    address = address_of(user)
    claimed = claim(user, now) if address else None
    if claimed is None:
        return None, None
    message = message_for(claimed, address)
    if message is None:  # read a moment ago
        claimed.done()
    return claimed, message


def _is_due(user: Any, now: datetime) -> bool:
    due = last_due(user.profile, now)
    state = getattr(user, "digest_state", None)
    return due is not None and (state is None or state.done_at < due)


def _is_silence(error: OSError | ValueError) -> bool:
    """Return whether the server did not answer, instead of refusing a message."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
