"""`manage.py api_keys`."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from themis.api_keys import issue, verify
from themis.models import APIKey


def test_issue_prints_the_key_alone(user, capsys):
    call_command("api_keys", "issue", "ada", "CI", "--scope", "notifications:send")
    text = capsys.readouterr().out.strip()
    key = verify(text, "127.0.0.1")
    assert (key.user, key.name, key.scopes) == (user, "CI", ["notifications:send"])


def test_issue_for_days_and_networks(user):
    call_command(
        "api_keys", "issue", "ada", "CI", "--days", "7", "--network", "192.0.2.0/24"
    )
    key = APIKey.objects.get()
    assert key.expires_at - key.created_at == timedelta(days=7)
    assert key.networks == ["192.0.2.0/24"]


def test_issue_for_an_unknown_user(db):
    with pytest.raises(CommandError, match=r"^There is no user 'eve'\.$"):
        call_command("api_keys", "issue", "eve", "CI")


def test_issue_with_an_unknown_scope(user):
    with pytest.raises(CommandError, match="^Unknown scope 'all'"):
        call_command("api_keys", "issue", "ada", "CI", "--scope", "all")


@pytest.mark.parametrize("days", ["0", "366"])
def test_issue_for_too_long(user, days):
    with pytest.raises(CommandError, match=r"^--days is not from 1 to 365\.$"):
        call_command("api_keys", "issue", "ada", "CI", "--days", days)


def test_list_shows_active_keys(user, capsys):
    key, text = issue(user, "CI", ["notifications:read"])
    issue(user, "old")[0].revoke(by=None)
    call_command("api_keys", "list")
    expires = f"{key.expires_at:%Y-%m-%d}"
    assert capsys.readouterr().out == (
        f"{key.pk}\tada\tCI ({text[:10]}…)\tnotifications:read\tuntil {expires}\n"
    )


def test_list_prints_no_control_characters(user, capsys):
    issue(user, "a\x1b[2Jb\tc\nd\u202ee")
    call_command("api_keys", "list")
    [line] = capsys.readouterr().out.splitlines()
    assert len(line.split("\t")) == 5
    assert "".join(line.split("\t")).isprintable()


def test_list_all(user, capsys):
    issue(user, "old")[0].revoke(by=None)
    call_command("api_keys", "list", "--all", "--username", "ada")
    assert capsys.readouterr().out.endswith("\trevoked\n")


def test_revoke(user, capsys):
    key, text = issue(user, "CI")
    call_command("api_keys", "revoke", str(key.pk))
    assert capsys.readouterr().out == f"Revoked key {key.pk}.\n"
    assert verify(text, "127.0.0.1") is None


def test_revoke_twice(user):
    key, _text = issue(user, "CI")
    key.revoke(by=None)
    with pytest.raises(CommandError, match=rf"^There is no active key {key.pk}\.$"):
        call_command("api_keys", "revoke", str(key.pk))


def test_warn(user, capsys):
    issue(user, "CI")
    APIKey.objects.update(expires_at=timezone.now() + timedelta(days=3))
    call_command("api_keys", "warn")
    assert capsys.readouterr().out == "Warned of 1 key(s).\n"
