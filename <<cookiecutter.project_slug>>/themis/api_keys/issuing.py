"""Issuing and rotating API keys."""

import ipaddress
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from themis.api_keys import secret
from themis.api_keys.expiry import EXPIRY_WARNING
from themis.api_keys.notices import notify_owner
from themis.api_keys.scopes import check_scope, known_scopes
from themis.models import APIKey, APIKeyEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

ACTIVE_KEYS = 20  # per user
LIFETIME_DAYS = 90
LONGEST_DAYS = 365
# The longest gap of a double click. Browsers only show the response to the second one.
DOUBLE_CLICK = timedelta(seconds=10)


class IssueError(Exception):
    """No key was created. The message says why."""


class FormUsedError(IssueError):
    """This form has already created its key."""


def issue(
    user: "User",
    name: str,
    scopes: Iterable[str] = (),
    *,
    days: int = LIFETIME_DAYS,
    networks: Iterable[str] = (),
    by: "User | None" = None,
    form_id: UUID | None = None,
) -> tuple[APIKey, str]:
    """Create a key, record who created it, and notify its owner.

    Args:
        user: the owner.
        scopes: what it may do.
        days: how long it is valid.
        networks: where it may be used from, such as `192.0.2.0/24`; none: anywhere.
        by: the user who creates it, or None for the command line.
        form_id: a form creates one key, however often it is sent. Sending it again
            within seconds gives the key a new text, since nobody saw the first one.

    Returns:
        The key and its text. The text is not stored: show it once.

    Raises:
        IssueError: the user already has 20 active keys.
        FormUsedError: the form has already created its key.
        ValueError: an unknown scope, or an invalid network.
    """
    allowed_scopes, allowed_networks = list(scopes), list(networks)
    for scope in allowed_scopes:
        check_scope(scope)
    for network in allowed_networks:
        ipaddress.ip_network(network)
    text = secret.generate()
    now = timezone.now()
    with transaction.atomic():
        _wait_for_others(user)
        if made := _made_with(user, form_id):
            return _new_text(made)
        _check_room(user)
        key = APIKey.objects.create(
            user=user,
            name=name,
            prefix=secret.beginning(text),
            digest=secret.digest(text),
            form_id=form_id,
            scopes=allowed_scopes,
            networks=allowed_networks,
            created_at=now,
            expires_at=now + timedelta(days=days),
            # Somebody who creates a key for a week needs no warning.
            expiry_notified_at=now if days <= EXPIRY_WARNING.days else None,
        )
        APIKeyEvent.objects.record(APIKeyEvent.Action.CREATED, [key], by)
        notify_owner(
            key,
            format_lazy(gettext_lazy("New API key: {name}"), name=name),
            gettext_lazy(
                "If you did not create it, revoke it and change your password."
            ),
        )
    return key, text


def rotate(
    key: APIKey,
    *,
    grace: timedelta = timedelta(0),
    by: "User | None" = None,
    form_id: UUID | None = None,
) -> tuple[APIKey, str]:
    """Create a key that replaces this one, which expires after the grace time.

    The new key gets the scopes of the old one that still exist. Return and raise what
    `issue()` does. Raise IssueError, too, if the key is inactive or already rotated.
    """
    with transaction.atomic():
        _wait_for_others(key.user)
        if made := _made_with(key.user, form_id):
            return _new_text(made)
        old = APIKey.objects.select_for_update().get(pk=key.pk)
        if not old.is_active:
            raise IssueError(_("The key %(key)s is no longer active.") % {"key": old})
        if old.events.filter(action=APIKeyEvent.Action.ROTATED).exists():
            raise IssueError(
                _("Another key has replaced %(key)s. Rotate that one.") % {"key": old}
            )
        old.expires_at = min(old.expires_at, timezone.now() + grace)
        # Already replaced: its owner needs no warning.
        old.expiry_notified_at = timezone.now()
        old.save(update_fields=["expires_at", "expiry_notified_at"])
        APIKeyEvent.objects.record(APIKeyEvent.Action.ROTATED, [old], by)
        return issue(
            old.user,
            old.name,
            known_scopes(old.scopes),
            days=max((key.expires_at - key.created_at).days, 1),
            networks=old.networks,
            by=by,
            form_id=form_id,
        )


def _wait_for_others(user: "User") -> None:
    """Create one key at a time: two requests must not both count 19."""
    get_user_model()._base_manager.select_for_update().get(pk=user.pk)


def _made_with(user: "User", form_id: UUID | None) -> APIKey | None:
    keys = APIKey.objects.filter(user=user, form_id=form_id)
    return keys.first() if form_id else None


def _new_text(key: APIKey) -> tuple[APIKey, str]:
    """Raise FormUsedError unless the key was just created and has not been used."""
    is_new = timezone.now() - key.created_at < DOUBLE_CLICK
    if key.last_used_at or not (is_new and key.is_active):
        raise FormUsedError(
            _("That key was already created and shown. It cannot be shown again.")
        )
    text = secret.generate()
    key.prefix, key.digest = secret.beginning(text), secret.digest(text)
    key.save(update_fields=["prefix", "digest"])
    return key, text


def _check_room(user: "User") -> None:
    """Raise IssueError unless the user may have another key."""
    if APIKey.objects.filter(user=user).active().count() >= ACTIVE_KEYS:
        raise IssueError(
            _("You can have at most %(count)s active keys. Revoke one first.")
            % {"count": ACTIVE_KEYS}
        )
