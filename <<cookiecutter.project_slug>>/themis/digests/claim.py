"""Claims: which process sends an email to a user, and about which notifications.

A notification is in one email, the next one that is due, unless it is read first. One
number for each user, the largest id, records what was mailed, so that emails do not
make sending a notification slower. This has two consequences:

* An uncommitted transaction may hold a smaller id. It also locks the user or the
  profile, see `themis.notifications.statement`. Locked users are left for the next run.
* The email is sent between two transactions, because a database should not wait for a
  mail server. A process that is killed in between leaves its claim behind. After
  `LEASE`, the next run sends the same email again, with the same Message-ID in case the
  first one arrived.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, QuerySet

from themis.digests.schedule import last_due
from themis.models import DigestState, Level, UserNotification, UserProfile
from themis.models.notification import NotificationQuerySet
from themis.models.preferences import DigestFrequency
from themis.notifications.kinds import muted_by_channel

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Longer than a mail server takes to accept an email or to time out.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """The right to send one email. End it with `done()` or `give_back()`."""

    user: "User"
    rows: NotificationQuerySet
    up_to: int
    at: datetime
    # Digests due until then are done: an earlier time if ids after `up_to` wait.
    done_at: datetime

    def done(self) -> None:
        """Record that the mail server accepted the email."""
        self._state.update(
            mailed_up_to=self.up_to,
            done_at=self.done_at,
            claimed_up_to=None,
            claimed_at=None,
        )

    def give_back(self) -> None:
        """Let the next run try the same email again, without waiting for the lease."""
        self._state.update(claimed_at=None)

    @property
    def _state(self) -> "QuerySet[DigestState]":
        return DigestState.objects.filter(user=self.user, claimed_at=self.at)


@transaction.atomic
def claim(user: "User", now: datetime) -> Claim | None:
    """Return a claim for the email that the user should get now, or None.

    Also return None while another process is emailing or notifying the user.
    """
    if not _lock(user):
        return None
    profile = UserProfile.objects.filter(user=user).first() or UserProfile(user=user)
    state, _is_new = DigestState.objects.get_or_create(
        user=user, defaults={"done_at": now}
    )
    if state.claimed_at is not None and state.claimed_at > now - LEASE:
        return None
    due = last_due(profile, now)
    is_due = due is not None and state.done_at < due
    rows = _wanted(user, profile, state)
    has_danger = profile.email_danger_at_once and rows.filter(level=Level.DANGER)[:1]
    if not (is_due or has_danger):
        return None
    # After the lock: what other transactions sent is committed and counts.
    newest = rows.aggregate(pk=Max("pk"))["pk"] or state.mailed_up_to
    up_to = state.claimed_up_to or newest
    done_at = now if newest <= up_to else state.done_at
    wanted = Claim(user, rows.filter(pk__lte=up_to), up_to, now, done_at)
    state.claimed_up_to, state.claimed_at = up_to, now
    state.save(update_fields=["claimed_up_to", "claimed_at"])
    if wanted.rows.exists():
        return wanted
    wanted.done()
    return None


def _lock(user: "User") -> bool:
    """Keep other processes from emailing or notifying the user.

    Return False if one is doing so. The lock ends with the transaction, before the
    email is sent.
    """
    users = get_user_model()._base_manager.filter(pk=user.pk)
    if not list(users.select_for_update(skip_locked=True).values("pk")):
        return False
    profiles = UserProfile.objects.filter(user=user)
    locked = profiles.select_for_update(skip_locked=True)
    return len(locked) == profiles.count()


def _wanted(
    user: "User", profile: UserProfile, state: DigestState
) -> NotificationQuerySet:
    rows = UserNotification.objects.filter(user=user).unread()
    rows = rows.filter(pk__gt=state.mailed_up_to)
    if profile.email_digest == DigestFrequency.NEVER:
        rows = rows.filter(level=Level.DANGER)
    for kinds in muted_by_channel(user).values():
        for kind in kinds:
            rows = rows.exclude(
                source_app=kind.source_app, source_model=kind.source_model
            )
    return rows
