"""Lazy titles and messages are rendered for each reader."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, ngettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from themis import conf, formatting
from themis.formatting import (
    format_datetime,
    format_datetime_lazy,
    format_number,
    format_number_lazy,
)
from themis.models import UserNotification, UserProfile
from themis.notifications import notify_user, notify_users

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
AMOUNT = Decimal("1234567.5")
# Themis' catalogs have these messages in German and in French.
DAY = gettext_lazy("Monday")
TEXT = format_lazy(
    "{day} {moment} {amount}",
    day=DAY,
    moment=format_datetime_lazy(MOMENT),
    amount=format_number_lazy(AMOUNT),
)


def reader(name="ada", **preferences):
    user = get_user_model().objects.create_user(name)
    for field, value in preferences.items():
        setattr(user.profile, field, value)
    user.profile.save()
    return user


def as_read_by(profile):
    """TEXT for a user with this profile, computed another way."""
    with translation.override(profile.language):
        day = str(DAY)
    with formatting.override(profile):
        return f"{day} {format_datetime(MOMENT)} {format_number(AMOUNT)}"


def titles():
    rows = UserNotification.objects.order_by("user__username")
    return dict(rows.values_list("user__username", "title"))


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Monday"), ("de", "Montag"), ("fr", "Lundi")]
)
def test_uses_the_recipients_language(language, title):
    user = reader(language=language)

    notification = notify_user(user, DAY, DAY)

    assert (notification.title, notification.message) == (title, title)


def test_uses_the_recipients_formats_and_zone():
    user = reader(
        timezone="Asia/Tokyo",
        date_format="d.m.Y",
        time_format="g:i A",
        number_format="1.234.567,89",
        language="de",
    )

    notification = notify_user(user, TEXT)

    assert notification.title == "Montag 10.03.2026 8:30 vorm. 1.234.567,5"


def test_uses_the_recipients_plural():
    user = reader(language="de")
    days = ngettext_lazy("%(count)s day ago", "%(count)s days ago", 3)

    notification = notify_user(user, format_lazy("{}", days))

    assert notification.title == "vor %(count)s Tagen"


def test_plain_text_is_the_same_for_everybody():
    with translation.override("de"):
        notify_users([reader("ada"), reader("fre", language="fr")], str(DAY))

    assert titles() == {"ada": "Montag", "fre": "Montag"}


def test_plain_text_needs_no_profile(django_assert_num_queries):
    user = get_user_model().objects.get(pk=reader().pk)

    with django_assert_num_queries(1):
        notify_user(user, "Hello")


def test_each_recipient_reads_their_language():
    users = [
        reader("ada"),
        reader("dora", language="de"),
        reader("fred", language="fr", number_format="1\u202f234\u202f567,89"),
        reader("toma", timezone="Asia/Tokyo"),
    ]

    assert notify_users(users, TEXT) == 4

    assert titles() == {user.username: as_read_by(user.profile) for user in users}
    assert len(set(titles().values())) == 4


def test_user_without_a_profile_reads_the_default(settings):
    settings.LANGUAGE_CODE = "de"
    get_user_model().objects.bulk_create([get_user_model()(username="bulk")])
    reader("ada", language="en")

    with translation.override("fr"):
        notify_users(get_user_model().objects.all(), DAY)

    assert titles() == {"ada": "Monday", "bulk": "Montag"}


def test_recipients_without_profiles():
    get_user_model().objects.bulk_create([get_user_model()(username="bulk")])

    assert notify_users(get_user_model().objects.all(), DAY) == 1
    assert notify_users(get_user_model().objects.filter(pk=0), DAY) == 0

    assert titles() == {"bulk": "Monday"}


def test_removed_language_falls_back_to_the_sites(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    settings.LANGUAGE_CODE = "de"
    users = [reader("ada", language="en"), reader("fred", language="fr")]

    notify_users(users, DAY)
    notify_user(users[1], DAY, deduplicate=True)

    assert titles() == {"ada": "Monday", "fred": "Montag"}


def test_different_readers_take_one_query(django_assert_num_queries):
    formats = list(product(["en", "de", "fr"], conf.date_formats()[:5]))
    for number, (language, date_format) in enumerate(formats * 2):
        reader(f"user {number}", language=language, date_format=date_format)

    with django_assert_num_queries(2 + 2):  # the variants, the rows; the savepoint
        assert notify_users(get_user_model().objects.all(), TEXT) == 30


def test_more_variants_than_one_query_holds(monkeypatch):
    monkeypatch.setattr("themis.notifications.broadcast.MOST_VARIANTS", 2)
    languages = [*(["en", "de", "fr"] * 2), "nothing"]
    for number, language in enumerate(languages[:-1]):
        zone = "UTC" if number < 3 else "Asia/Tokyo"
        reader(f"user {number}", language=language, timezone=zone)
    get_user_model().objects.bulk_create([get_user_model()(username="bulk")])
    users = get_user_model().objects.all()

    with CaptureQueriesContext(connection) as queries:
        assert notify_users(users, TEXT) == 7

    inserts = [query for query in queries if "INSERT INTO" in query["sql"]]
    assert (len(inserts) > 1) == (connection.features.max_query_params is not None)
    assert titles() == {user.username: as_read_by(user.profile) for user in users}


def test_language_changed_meanwhile_uses_the_default(monkeypatch):
    """Between finding the variants and the single statement that writes."""
    user = reader("ada", language="de")
    from themis.notifications import broadcast

    def changed(recipients, level, variants_among=broadcast.variants_among):
        found = variants_among(recipients, level)
        UserProfile.objects.update(language="fr", timezone="Asia/Tokyo")
        return found

    monkeypatch.setattr(broadcast, "variants_among", changed)

    assert notify_users([user], DAY) == 1
    assert titles() == {"ada": "Monday"}


def test_duplicate_without_source_is_the_same_text_of_the_same_reader():
    users = [reader("ada"), reader("dora", language="de")]

    assert notify_users(users, DAY, deduplicate=True) == 2
    assert notify_users(users, DAY, deduplicate=True) == 0
    assert notify_user(users[1], "Montag", deduplicate=True) is None
    assert notify_user(users[1], "Monday", deduplicate=True) is not None


def test_duplicate_with_source_is_found_whatever_its_text():
    source = {"source_app": "tasks", "source_model": "Task", "source_id": "1"}
    users = [reader("ada"), reader("dora", language="de")]
    notify_users(users, DAY, **source)

    assert notify_users(users, TEXT, deduplicate=True, **source) == 0


def test_expired_duplicates_of_each_language_block_nothing():
    users = [reader("ada"), reader("dora", language="de")]
    soon = timezone.now() + timedelta(hours=1)
    notify_users(users, DAY, deduplicate=True, expires_at=soon)
    UserNotification.objects.update(expires_at=timezone.now() - timedelta(hours=1))

    assert notify_users(users, DAY, deduplicate=True) == 2


def test_long_title_is_shortened_in_each_language():
    notify_users([reader("dora", language="de")], format_lazy("{0} " * 60, DAY))

    assert len(titles()["dora"]) == 200
    assert titles()["dora"].startswith("Montag Montag")


def test_empty_title_in_one_language_is_an_error():
    reader("ada"), reader("dora", language="de")

    def title():
        return "" if translation.get_language() == "de" else "Hello"

    with pytest.raises(ValueError, match="The title is empty"):
        notify_users(get_user_model().objects.all(), lazy(title, str)())

    assert titles() == {}


@pytest.mark.parametrize("broken", [None, 7, b"bytes", ["list"]])
@pytest.mark.parametrize("name", ["title", "message"])
def test_text_of_another_type_is_an_error(user, name, broken):
    arguments = {"title": "Hello", "message": ""} | {name: broken}

    with pytest.raises(TypeError, match=rf"^{name}=.* is neither a string nor a lazy"):
        notify_user(user, **arguments)
    with pytest.raises(TypeError, match=rf"^{name}=.* is neither a string nor a lazy"):
        notify_users([user], **arguments)


def notify_alone(user, title):
    return notify_users([user], title)


@pytest.mark.parametrize("send", [notify_user, notify_alone])
@pytest.mark.parametrize("raises", [False, True])
def test_callers_context_is_unchanged(send, raises):
    user = reader("dora", language="de", timezone="Asia/Tokyo")
    caller = UserProfile(language="fr", timezone="Europe/Paris")

    def render():
        if raises and translation.get_language() == "de":
            raise RuntimeError("broken text")
        return "Hello"

    with formatting.override(caller):
        try:
            send(user, lazy(render, str)())
        except RuntimeError:
            assert raises
        assert translation.get_language() == "fr"
        assert timezone.get_current_timezone_name() == "Europe/Paris"
        assert formatting.current_profile() is caller


PREFERENCES = st.fixed_dictionaries(
    {
        "language": st.sampled_from(["en", "de", "fr"]),
        "timezone": st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]),
        "date_format": st.sampled_from(conf.date_formats()),
        "time_format": st.sampled_from(conf.time_formats()),
        "number_format": st.sampled_from(conf.number_formats()),
    }
)


class ManyReadersTest(TestCase):
    @given(st.lists(PREFERENCES, min_size=1, max_size=8))
    def test_notify_user_and_notify_users_agree(self, everybody):
        users = [
            reader(f"user {number}", **preferences)
            for number, preferences in enumerate(everybody)
        ]

        notify_users(users, TEXT, TEXT)

        by_many = titles()
        assert by_many == {user.username: as_read_by(user.profile) for user in users}
        for user in users:
            by_one = notify_user(user, TEXT, TEXT)
            assert by_one.title == by_one.message == by_many[user.username]
