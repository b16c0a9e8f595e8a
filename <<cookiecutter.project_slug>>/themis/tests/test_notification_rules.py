"""`notify_user()` and `notify_users()` against a second implementation."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from themis.models import UserProfile
from themis.notifications import notify_user, notify_users

pytestmark = pytest.mark.django_db

WEIGHTS = {"info": 0, "success": 0, "warning": 1, "danger": 2}
HOUR = timedelta(hours=1)

levels = st.sampled_from(sorted(WEIGHTS))
sources = st.sampled_from(["", "42", "43"])
titles = st.sampled_from(["Hello", "World"])
expiries = st.sampled_from([None, -HOUR, HOUR])
preferences = st.none() | st.fixed_dictionaries(
    {"notifications_enabled": st.booleans(), "notification_min_level": levels}
)
arguments = st.fixed_dictionaries(
    {"title": titles, "level": levels, "source_id": sources, "expires": expiries}
)
earlier = st.lists(
    st.tuples(arguments, st.sampled_from(["unread", "read", "dismissed"])), max_size=3
)


def expected(preferences, earlier, call, deduplicate):
    """The rules of "The Standard Interface", on plain values."""
    if preferences and not preferences["notifications_enabled"]:
        return False
    minimum = preferences["notification_min_level"] if preferences else "info"
    if WEIGHTS[call["level"]] < WEIGHTS[minimum] or call["expires"] == -HOUR:
        return False
    identity = ["source_id"] if call["source_id"] else ["source_id", "title", "level"]
    return not deduplicate or not any(
        state == "unread"
        and row["expires"] != -HOUR
        and all(row[name] == call[name] for name in identity)
        for row, state in earlier
    )


def keywords(call, deduplicate):
    given = {**call, "deduplicate": deduplicate}
    expires = given.pop("expires")
    return {**given, "expires_at": expires and timezone.now() + expires}


def prepare(name, preferences, earlier):
    """A user with these notifications, sent with `deduplicate` where possible."""
    [user] = get_user_model().objects.bulk_create([get_user_model()(username=name)])
    for row, state in earlier:
        unexpired = {**row, "expires": None}
        latest = notify_user(user, **keywords(unexpired, True))
        latest = latest or notify_user(user, **keywords(unexpired, False))
        if state != "unread":
            getattr(latest, {"read": "mark_read", "dismissed": "dismiss"}[state])()
        if row["expires"]:
            user.notifications.filter(pk=latest.pk).update(
                expires_at=timezone.now() + row["expires"]
            )
    if preferences:
        UserProfile.objects.create(user=user, **preferences)
    return user


@given(preferences, earlier, arguments, st.booleans())
def test_one_and_many_follow_the_rules(preferences, earlier, call, deduplicate):
    with transaction.atomic():
        one, many, listed = (
            prepare(name, preferences, earlier) for name in ("one", "many", "listed")
        )
        arguments = keywords(call, deduplicate)
        queryset = get_user_model().objects.filter(pk=many.pk)
        created = [
            notify_user(one, **arguments) is not None,
            notify_users(queryset, **arguments) == 1,
            notify_users([listed], **arguments) == 1,
        ]
        wanted = expected(preferences, earlier, call, deduplicate)
        users = (one, many, listed)
        rows = [user.notifications.count() - len(earlier) for user in users]
        transaction.set_rollback(True)

    assert created == [wanted] * 3
    assert rows == [wanted] * 3
