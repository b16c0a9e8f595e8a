"""Emails about notifications: recipients, content, and each only once."""

import smtplib
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from themis.digests import claim, message, send_due, sending
from themis.formatting import format_date_lazy
from themis.models import Channel, DigestState, UserNotification
from themis.notifications import notify_user, notify_users, register_kind

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 9, 7, 50, tzinfo=UTC)


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def go_on(self, **time):
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock(START)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch):
    monkeypatch.setattr("themis.notifications.kinds._kinds", {})


def prefer(user, **preferences):
    for name, value in preferences.items():
        setattr(user.profile, name, value)
    user.profile.save()
    DigestState.objects.get_or_create(user=user, defaults={"done_at": timezone.now()})


@pytest.fixture
def reader(user):
    prefer(user, email_digest="hourly")
    return user


def run():
    """Run the command. Return the titles in the HTML of each new email."""
    before = len(mail.outbox)
    call_command("send_digests", stdout=StringIO())
    return [
        [title for title in ("One", "Two", "Fire") if title in html_of(each)]
        for each in mail.outbox[before:]
    ]


def html_of(sent):
    [(html, mimetype)] = sent.alternatives
    assert mimetype == "text/html"
    return html


# When


def test_emails_are_opt_in(user, clock):
    notify_user(user, "Fire", level="danger")
    clock.go_on(days=2)

    assert run() == []


def test_waits_for_the_hour_and_catches_up(reader, clock):
    notify_user(reader, "One")
    assert run() == []

    clock.go_on(hours=5)
    assert run() == [["One"]]


def test_daily_waits_for_the_hour_of_the_user(user, clock):
    prefer(
        user, email_digest="daily", email_digest_hour=14, timezone="Asia/Kolkata"
    )  # in 40 minutes
    notify_user(user, "One")
    clock.go_on(minutes=39)
    assert run() == []

    clock.go_on(minutes=1)
    assert run() == [["One"]]

    notify_user(user, "Two")
    clock.go_on(hours=23)
    assert run() == []
    clock.go_on(hours=1)
    assert run() == [["Two"]]


def test_nothing_unread_waits_for_the_next_hour(reader, clock):
    clock.go_on(minutes=10)
    assert run() == []
    notify_user(reader, "One")
    clock.go_on(minutes=5)
    assert run() == []

    clock.go_on(hours=1)
    assert run() == [["One"]]


def test_danger_is_sent_immediately(reader):
    prefer(reader, email_danger_at_once=True)
    notify_user(reader, "One")
    assert run() == []

    notify_user(reader, "Fire", level="danger")
    assert run() == [["One", "Fire"]]
    assert run() == []


def test_immediate_email_has_only_the_danger(user, clock):
    prefer(user, email_danger_at_once=True)
    notify_user(user, "One")
    notify_user(user, "Fire", level="danger")

    assert run() == [["Fire"]]
    clock.go_on(days=1)
    assert run() == []


def test_default_of_the_site(settings, django_user_model, clock):
    settings.THEMIS_DEFAULTS = {"email_digest": "hourly"}
    [eve] = django_user_model.objects.bulk_create(
        [django_user_model(username="eve", email="eve@example.com")]
    )
    notify_user(eve, "One")
    assert run() == []  # hours count from now

    clock.go_on(hours=1)
    assert run() == [["One"]]


# Content and recipients


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.mark_read(),
        lambda row: row.dismiss(),
        lambda row: UserNotification.objects.update(expires_at=timezone.now()),
        lambda row: type(row.user).objects.update(is_active=False),
        lambda row: type(row.user).objects.update(email=""),
        lambda row: prefer(row.user, notifications_enabled=False),
        lambda row: register_kind("shop", "Order", "Orders").mute(row.user),
        lambda row: register_kind("shop", "Order", "Orders").mute(
            row.user, Channel.EMAIL
        ),
    ],
    ids=[
        *("read", "dismissed", "expired", "inactive", "no address", "switched off"),
        *("muted", "muted by email"),
    ],
)
def test_skips_what_needs_no_email(reader, clock, change):
    row = notify_user(reader, "One", source_app="shop", source_model="Order")
    change(row)
    clock.go_on(hours=1)

    assert run() == []


def test_a_mandatory_kind_is_mailed(reader, clock):
    register_kind("shop", "Order", "Orders").mute(reader, Channel.EMAIL)
    register_kind("shop", "Order", "Orders", mandatory=True)
    notify_user(reader, "One", source_app="shop", source_model="Order")
    clock.go_on(hours=1)

    assert run() == [["One"]]


def test_muted_by_email_still_arrives(reader):
    register_kind("shop", "Order", "Orders").mute(reader, Channel.EMAIL)

    assert notify_user(reader, "One", source_app="shop", source_model="Order")


def address(user):
    return f"{user.get_username()}@verified.example.com"


def test_address_of_the_project(settings, reader, clock):
    settings.THEMIS_EMAIL_ADDRESS = f"{__name__}.address"
    notify_user(reader, "One")
    clock.go_on(hours=1)
    run()

    assert mail.outbox[0].to == ["ada@verified.example.com"]


def test_everybody_gets_their_own(reader, other_user, clock):
    prefer(other_user, email_digest="hourly")
    notify_user(reader, "One")
    notify_user(other_user, "Two")
    clock.go_on(hours=1)

    assert run() == [["One"], ["Two"]]
    assert [each.to for each in mail.outbox] == [[reader.email], [other_user.email]]


# Each once


def test_mailed_rows_are_not_mailed_again(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    assert run() == [["One"]]
    notify_user(reader, "Two")
    clock.go_on(hours=1)

    assert run() == [["Two"]]


def test_claimed_digest_is_skipped_by_other_processes(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    mine = claim.claim(reader, timezone.now())

    assert mine is not None
    assert run() == []
    mine.done()
    assert run() == []


def test_killed_run_resends_the_same_email(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    killed = message.message_for(claim.claim(reader, timezone.now()), "ada@example.com")
    notify_user(reader, "Two")
    clock.go_on(minutes=9)
    assert run() == []

    clock.go_on(minutes=1)
    assert run() == [["One"]]
    [again] = mail.outbox
    assert again.extra_headers["Message-ID"] == killed.extra_headers["Message-ID"]
    assert run() == [["Two"]]  # it was due, too
    assert run() == []
    ids = {each.extra_headers["Message-ID"] for each in mail.outbox}
    assert len(ids) == 2


def test_late_process_keeps_the_newer_state(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    late = claim.claim(reader, timezone.now())
    clock.go_on(hours=1)
    assert run() == [["One"]]
    late.give_back()
    late.done()

    assert run() == []


def test_reading_everything_releases_the_claim(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    claim.claim(reader, timezone.now())
    UserNotification.objects.mark_read()
    notify_user(reader, "Two")
    clock.go_on(minutes=10)

    assert run() == []
    assert run() == [["Two"]]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("send", ["notify_user({user}", "notify_users([{user}]"])
def test_late_commits_are_not_skipped(reader, clock, in_process, send):
    """Its id is smaller than that of one that was committed earlier."""
    user = "get_user_model().objects.get()"
    other = in_process(
        "from django.contrib.auth import get_user_model\n"
        "from django.db import transaction\n"
        "from themis.notifications import notify_user, notify_users\n"
        "with transaction.atomic():\n"
        f"    {send.format(user=user)}, 'One')\n"
        "    print('sent', flush=True)\n"
        "    input()\n"
    )
    assert other.stdout.readline() == "sent\n"
    notify_user(reader, "Two")
    clock.now = datetime.now(UTC) + timedelta(hours=1)
    assert run() == []

    other.communicate("\n")
    assert run() == [["One", "Two"]]


# The mail server


class Server:
    """The outcome of each email: an error, or None."""

    def __init__(self, monkeypatch):
        self.errors = []
        self.taken = []
        monkeypatch.setattr(message.DigestMessage, "send", self.send)

    def send(self):
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        self.taken.append(1)


REFUSED = smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"Who?")})


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


@pytest.fixture
def readers(django_user_model, clock):
    users = [
        django_user_model.objects.create_user(f"u{n}", f"u{n}@example.com")
        for n in range(5)
    ]
    for user in users:
        prefer(user, email_digest="hourly")
    notify_users(users, "One")
    clock.go_on(hours=1)
    return users


@pytest.mark.parametrize(
    "error",
    [
        *(REFUSED, TimeoutError(), ConnectionResetError(), ValueError("Bad address")),
        smtplib.SMTPServerDisconnected("Bye"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_failing_email_does_not_stop_others(readers, server, error, caplog, clock):
    server.errors = [error]

    assert send_due() == sending.Outcome(sent=4, failed=1)
    assert type(error).__name__ in caplog.text
    assert "@" not in caplog.text
    clock.go_on(minutes=10)
    assert send_due() == sending.Outcome(sent=1)
    assert send_due() == sending.Outcome()


def test_refused_email_is_not_retried_immediately(readers, server):
    server.errors = [REFUSED]
    send_due()

    assert send_due() == sending.Outcome()


def test_mail_server_outage_ends_the_run(readers, server):
    server.errors = [TimeoutError()] * 3

    with pytest.raises(CommandError, match=r"Sent 0 email\(s\), 3 failed. The mail"):
        run()
    assert send_due() == sending.Outcome(sent=5)


def test_refused_recipients_are_not_an_outage(readers, server):
    server.errors = [TimeoutError(), REFUSED] * 2

    assert send_due() == sending.Outcome(sent=1, failed=4)


# Appearance


def test_uses_the_recipients_language_formats_and_zone(user, clock):
    prefer(
        user,
        email_digest="hourly",
        language="de",
        timezone="Asia/Kolkata",
        date_format="d.m.Y",
        time_format="g:i A",
    )
    notify_user(
        user,
        format_lazy("{}", gettext_lazy("Monday")),
        format_date_lazy(START.date()),
    )
    clock.go_on(hours=1)
    run()

    [sent] = mail.outbox
    assert sent.subject == "[Themis] Montag"
    for text in (sent.body, html_of(sent)):
        assert "09.03.2026" in text
        assert "09.03.2026 1:20 nachm." in text
        assert "Asia/Kolkata" in text
    assert '<html lang="de" dir="ltr">' in html_of(sent)


def test_links_lead_to_the_site(reader, clock):
    notify_user(reader, "One", url="/tasks/42/")
    notify_user(reader, "Two", url="https://other.example.com/")
    clock.go_on(hours=1)
    run()

    [sent] = mail.outbox
    for text in (sent.body, html_of(sent)):
        assert "https://themis.example.com/tasks/42/" in text
        assert "https://other.example.com/" in text
        assert "https://themis.example.com/settings/" in text


def test_text_is_escaped_in_html(reader, clock):
    notify_user(reader, "<b>One</b>\r\nBcc: eve@example.com", "Tom & Jerry")
    clock.go_on(hours=1)
    run()

    [sent] = mail.outbox
    assert "&lt;b&gt;One&lt;/b&gt;" in html_of(sent)
    assert "Tom &amp; Jerry" in html_of(sent)
    assert "<b>One</b>" in sent.body
    assert "Tom & Jerry" in sent.body
    assert sent.message()["Bcc"] is None


def test_many_are_counted(reader, clock, monkeypatch):
    monkeypatch.setattr(message, "MOST", 2)
    notify_user(reader, "Fire", level="danger")
    for title in ("One", "Two", "Three"):
        notify_user(reader, title)
    clock.go_on(hours=1)
    run()

    [sent] = mail.outbox
    assert sent.subject == "[Themis] 4 new notifications"
    assert sent.body.index("Danger: Fire") < sent.body.index("Three")
    assert "And 2 more" in sent.body
    assert "Two" not in sent.body


def test_marked_as_auto_generated(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    run()

    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_command_prints_a_summary(reader, clock):
    notify_user(reader, "One")
    clock.go_on(hours=1)
    output = StringIO()
    call_command("send_digests", stdout=output)

    assert output.getvalue() == "Sent 1 email(s), 0 failed.\n"


def test_command_needs_the_site_url(settings):
    del settings.THEMIS_SITE_URL

    with pytest.raises(CommandError, match="set THEMIS_SITE_URL"):
        call_command("send_digests")


def test_users_not_due_take_no_query(readers, django_assert_num_queries, clock):
    run()
    clock.go_on(minutes=5)
    with django_assert_num_queries(2):  # one page of readers, and an empty one
        run()
