"""The queryset of notifications: filters, and verbs for one or many."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, connections, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from themis.models.level import Level
from themis.models.profile import UserProfile
from themis.models.source import SOURCE_FIELDS, source_key

if TYPE_CHECKING:
    from themis.models.notification import UserNotification

# The expression of the index `themis_rare`.
IS_READ = Case(When(read_at=None, then=Value(0)), default=Value(1))
# The newest rows to search first. Most pages are found among them.
NEAR = 500
# Another process may send a newer one during each attempt.
TRIES = 5


class NewestFirst(models.Index):
    """An index in the order of `NotificationQuerySet.newest_first()`.

    SQLite orders NULLs this way anyway, and has no syntax for it in an index.
    """

    def create_sql(
        self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any
    ) -> Any:
        index = self.clone()
        if schema_editor.connection.vendor == "postgresql":
            index.fields_orders = [
                (name, order and f"{order} NULLS LAST")
                for name, order in self.fields_orders
            ]
        return models.Index.create_sql(index, model, schema_editor, using, **kwargs)


class NotificationQuerySet(models.QuerySet["UserNotification"]):
    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """Filter as usual, but find a complete source by its indexed key."""
        if all(isinstance(kwargs.get(name), str) for name in SOURCE_FIELDS):
            kwargs["source_key"] = source_key(*(kwargs[name] for name in SOURCE_FIELDS))
        return super().filter(*args, **kwargs)

    def visible(self) -> Self:
        """What a user sees: neither dismissed nor expired."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), dismissed_at=None
        )

    def dismissed(self) -> Self:
        """What can be restored: dismissed and not expired."""
        return self.exclude(expires_at__lte=timezone.now()).exclude(dismissed_at=None)

    def newest_first(self) -> Self:
        """Order by newest first, in an order that only the mailbox's indexes have.

        With `id` alone, PostgreSQL would scan the primary key through all users' rows.
        """
        return self.order_by(F("id").desc(nulls_last=True))

    def newest(
        self,
        size: int,
        *,
        levels: Collection[str] = (),
        is_read: bool | None = None,
        **others: Any,
    ) -> "list[UserNotification]":
        """Return the newest rows of these levels, in this state, however rare they are.

        Search the newest rows first. Rarer rows are found by an index, and then sorted.
        PostgreSQL cannot know which way is faster, so each statement allows only one.
        """
        if not (levels or others or is_read is not None):
            return list(self.newest_first()[:size])
        levels = levels or Level.values
        near = list(
            self.newest_first().values("pk", "level", "read_at", *others)[:NEAR]
        )
        found = [
            row["pk"]
            for row in near
            if row["level"] in levels
            and is_read in (None, row["read_at"] is not None)
            and all(row[name] == value for name, value in others.items())
        ][:size]
        if len(found) == size or len(near) < NEAR:
            return list(self.filter(pk__in=found).newest_first())
        wanted = self.filter(level__in=levels, **others)
        if is_read is not None:
            wanted = wanted.filter(Exact(IS_READ, int(is_read)))
        return list(wanted.order_by(-F("id"))[:size])

    def unread(self) -> Self:
        """What the bell counts: visible and not read."""
        return self.visible().filter(read_at=None)

    def from_source(self, app: str, model: str, id: str) -> Self:
        """Notifications about one object, as its trigger named it."""
        return self.filter(source_app=app, source_model=model, source_id=id)

    def mark_read(self) -> int:
        """Mark the unread ones as read. Return how many."""
        return self.filter(read_at=None)._write(read_at=timezone.now())

    def mark_unread(self) -> int:
        """Mark the read ones as unread. Return how many.

        A row that was sent with `deduplicate` stays read while another one from its
        source is unread. Of several, only the newest becomes unread.
        """
        read = self.exclude(read_at=None)
        return read._bring_back(Q(dismissed_at=None), read_at=None)

    def dismiss(self, at: datetime | None = None) -> int:
        """Remove them from the mailbox. Return how many were in it.

        They share one time, `at` or now, so that all of them can be restored together.
        """
        return self.filter(dismissed_at=None)._write(dismissed_at=at or timezone.now())

    def restore(self) -> int:
        """Move dismissed ones back to the mailbox. Return how many.

        An unread row that was sent with `deduplicate` stays dismissed while another one
        from its source is unread. Of several, only the newest is restored.
        """
        dismissed = self.exclude(dismissed_at=None)
        return dismissed._bring_back(Q(read_at=None), dismissed_at=None)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def blocking(self, source_keys: Any, now: datetime) -> Self:
        """Expired rows that block a new row until they are released."""
        return (
            self.filter(source_key__in=source_keys, deduplicated=True)
            .filter(read_at=None, dismissed_at=None)
            .expired(now)
        )

    def release_expired(self, source_keys: Any, now: datetime) -> int:
        """Stop expired, unread duplicates from blocking new ones. Return how many."""
        return self.blocking(source_keys, now)._write(deduplicated=None)

    def deletable(self, now: datetime, max_age_days: int) -> "dict[str, Self]":
        """Return what the clean-up deletes, by reason. Each row has one reason.

        These are expired rows, and dismissed or read rows that are older than the
        smaller of their user's retention and `max_age_days`. An unread row is never
        deleted before it expires.

        Source: the notification trigger pattern, "What gets deleted".
        """
        profiles = UserProfile.objects.using(self.db)
        days = profiles.values_list("notification_retention_days", flat=True)
        default = UserProfile().notification_retention_days
        since = {
            number: Value(now - timedelta(days=min(number, max_age_days)))
            for number in {default, *days.distinct()}
        }
        # One index lookup of the profile for each row within the ceiling. A condition
        # for each retention would read all profiles each time.
        ceiling = now - timedelta(days=max_age_days)
        of_user = Case(
            *(
                When(notification_retention_days=number, then=moment)
                for number, moment in since.items()
            ),
            default=Value(ceiling),  # set a moment ago
            output_field=models.DateTimeField(),
        )
        profile = profiles.filter(user=OuterRef("user")).values(since=of_user)
        kept_since = Coalesce(Subquery(profile), since[default])
        old = (
            self.exclude(expires_at__lte=now)
            .filter(created_at__lt=max(moment.value for moment in since.values()))
            .filter(Q(created_at__lt=ceiling) | Q(created_at__lt=kept_since))
        )
        return {
            "expired": self.expired(now),
            "dismissed": old.exclude(dismissed_at=None),
            "read": old.filter(dismissed_at=None).exclude(read_at=None),
        }

    def _write(self, **values: Any) -> int:
        """Update these rows, after locking all of them in one order.

        Two processes that update the same rows in different orders would deadlock.
        """
        if not connections[self.db].features.has_select_for_update:
            return self.update(**values)
        with transaction.atomic(using=self.db, savepoint=False):
            rows = self.select_for_update(of=("self",), no_key=True).order_by("pk")
            every = self.model.objects.using(self.db)
            return every.filter(pk__in=rows.values("pk")).update(**values)

    def _bring_back(self, would_be_unread: Q, **values: None) -> int:
        """Write the values, except to rows that would duplicate an unread one.

        Rows that become unread must be the only unread ones of their source. If another
        process sends a newer one at the same time, the constraint decides.
        """
        for _attempt in range(TRIES - 1):
            try:
                with transaction.atomic(using=self.db):
                    return self._without_duplicates(would_be_unread)._write(**values)
            except IntegrityError:
                self._release_expired_twins()
        return self._without_duplicates(would_be_unread)._write(**values)

    def _without_duplicates(self, would_be_unread: Q) -> Self:
        same = {"user": OuterRef("user"), "source_key": OuterRef("source_key")}
        twins = self.model.objects.using(self.db).filter(**same)
        newer = self.filter(would_be_unread, deduplicated=True, **same)
        return self.exclude(
            would_be_unread,
            Exists(twins.unread().exclude(pk=OuterRef("pk")))
            | Exists(newer.filter(pk__gt=OuterRef("pk"))),
            deduplicated=True,
        )

    def _release_expired_twins(self) -> None:
        users, keys = self.values("user"), self.values("source_key")
        rows = self.model.objects.using(self.db).filter(user__in=users)
        rows.release_expired(keys, timezone.now())
