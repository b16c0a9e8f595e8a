"""Send one notification to many users in a few statements, each in their formats."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F

from themis import formatting
from themis.models import Level, UserNotification, UserProfile
from themis.notifications.channels import announce_many
from themis.notifications.draft import Draft
from themis.notifications.readers import (
    Variant,
    rendered_by_variant,
    variant_of,
    variants_among,
)
from themis.notifications.statement import insertion

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.db.models import QuerySet

# Variants per statement on databases that limit the parameters of a statement.
MOST_VARIANTS = 1000


class Broadcast:
    """Sends a draft to batches of users, inside one transaction."""

    def __init__(self, draft: Draft, now: datetime, database: str) -> None:
        self.draft = draft
        self.now = now
        self.connection = connections[database]
        self.notification = self._rendered_by_default()
        # Without a source, each text has its own key.
        self.source_keys = {self.notification.source_key}

    def lock(self) -> None:
        """Wait for other broadcasts with the same key to end.

        On PostgreSQL, two of them could lock rows in different orders, and deadlock.
        """
        if self.draft.deduplicate and self.connection.vendor == "postgresql":
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s)", [self.notification.source_key]
                )

    def send(self, recipients: "QuerySet[User]") -> int:
        """Notify the recipients. Return how many were notified."""
        if self.draft.has_expired(self.now):
            return 0
        ids = recipients.values(user_id=F("pk")).query
        try:
            select, params = ids.get_compiler(self.connection.alias).as_sql()
        except EmptyResultSet:  # such as User.objects.none()
            return 0
        created = 0
        for by_variant, only_these in self._texts(recipients):
            self.source_keys |= {row.source_key for row in (by_variant or {}).values()}
            if self.draft.deduplicate:
                self._release_expired(recipients)
            with self.connection.cursor() as cursor:
                cursor.execute(
                    *insertion(
                        self.connection,
                        select,
                        params,
                        self.notification,
                        by_variant,
                        only_these_variants=only_these,
                    )
                )
                created += cursor.rowcount
        return created

    def announce(self) -> None:
        """Announce all new rows to other channels after the commit."""
        announce_many(self.source_keys, self.now, self.connection.alias)

    def _release_expired(self, recipients: "QuerySet[User]") -> None:
        """Stop expired rows from blocking new ones until the clean-up runs."""
        rows = UserNotification.objects.using(self.connection.alias)
        theirs = rows.filter(user__in=recipients)
        theirs.release_expired(self.source_keys, self.now)

    def _rendered_by_default(self) -> UserNotification:
        """Return the notification for users without a profile."""
        if not self.draft.is_lazy:
            return self.draft.rendered(self.now)
        with formatting.override(UserProfile()):
            return self.draft.rendered(self.now)

    def _texts(
        self, recipients: "QuerySet[User]"
    ) -> Iterator[tuple[Mapping[Variant, UserNotification] | None, bool]]:
        """Yield the texts for each statement, and whether it skips all other readers.

        A user who switches to a new variant between the two queries reads the default
        text.
        """
        if not self.draft.is_lazy:
            yield None, False
            return
        variants = variants_among(recipients, Level(self.draft.level))
        rows = rendered_by_variant(variants, self.draft, self.now)
        limit = self.connection.features.max_query_params
        if limit is None or len(rows) <= MOST_VARIANTS:
            yield rows, False
            return
        rows[variant_of(UserProfile())] = self.notification
        remaining = iter(rows.items())
        while batch := dict(islice(remaining, MOST_VARIANTS)):
            yield batch, True
