"""One notification to many, in a few statements, however differently they read."""

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

# Where a database limits the parameters of a statement, this many variants go into one.
MOST_VARIANTS = 1000


class Broadcast:
    """Sends a draft to batches of users, inside one transaction."""

    def __init__(self, draft: Draft, now: datetime, database: str) -> None:
        self.draft = draft
        self.now = now
        self.connection = connections[database]
        self.notification = self._rendered_by_default()
        # Texts without a source have a key each.
        self.source_keys = {self.notification.source_key}

    def lock(self) -> None:
        """Wait for other broadcasts with the same key to end.

        On PostgreSQL, two of them would lock each other's rows in their own order: a
        deadlock.
        """
        if self.draft.deduplicate and self.connection.vendor == "postgresql":
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s)", [self.notification.source_key]
                )

    def send(self, recipients: "QuerySet[User]") -> int:
        """Return how many of the recipients were notified."""
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
        """Tell other channels about all that was created, after the commit."""
        announce_many(self.source_keys, self.now, self.connection.alias)

    def _release_expired(self, recipients: "QuerySet[User]") -> None:
        """Let no expired row block a new one until the clean-up comes."""
        rows = UserNotification.objects.using(self.connection.alias)
        theirs = rows.filter(user__in=recipients)
        theirs.release_expired(self.source_keys, self.now)

    def _rendered_by_default(self) -> UserNotification:
        """Return what a user without a profile gets."""
        if not self.draft.is_lazy:
            return self.draft.rendered(self.now)
        with formatting.override(UserProfile()):
            return self.draft.rendered(self.now)

    def _texts(
        self, recipients: "QuerySet[User]"
    ) -> Iterator[tuple[Mapping[Variant, UserNotification] | None, bool]]:
        """Yield what one statement each has to write, and whether to nobody else.

        Whoever changes their preferences between the two queries, to a variant that
        nobody had before, reads the default.
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
