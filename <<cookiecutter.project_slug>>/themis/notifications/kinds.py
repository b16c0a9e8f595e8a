"""Kinds of notification that users can mute, with readable names.

    register_kind("orders", "Order", _("Your orders"))
    register_kind("orders", "Invoice", _("Invoices"), mandatory=True)

Do this in a module that is imported at startup, such as an app's `signals.py`.

A kind is a source app and a source model, as triggers pass them to `notify_user()`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themis.models import Channel, MutedKind

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True)
class Kind:
    """A registered kind. Users can mute it unless it is mandatory."""

    source_app: str
    source_model: str
    label: "Text"
    mandatory: bool = False

    @property
    def key(self) -> str:
        return f"{self.source_app}.{self.source_model}"

    @property
    def source(self) -> dict[str, Any]:
        """The fields that its notifications have in common."""
        return {"source_app": self.source_app, "source_model": self.source_model}

    def mute(self, user: "User", channel: Channel = Channel.APP) -> None:
        """Stop sending this kind to the user. Existing notifications stay.

        A kind that is muted by email still arrives in the mailbox.

        Raises ValueError for a mandatory kind.
        """
        if self.mandatory:
            raise ValueError(f"{self.label} cannot be muted: the kind is mandatory.")
        MutedKind.objects.get_or_create(user=user, channel=channel, **self.source)

    def unmute(self, user: "User", channel: Channel = Channel.APP) -> None:
        MutedKind.objects.filter(user=user, channel=channel, **self.source).delete()

    def is_muted_by(self, user: "User") -> bool:
        return self in muted_kinds(user)


_kinds: dict[tuple[str, str], Kind] = {}


def register_kind(
    source_app: str, source_model: str, label: "Text", *, mandatory: bool = False
) -> Kind:
    """Register a kind at startup. Registering it again replaces it.

    Args:
        source_app, source_model: what the triggers pass to `notify_user()`.
        label: its name in the settings; may be lazy.
        mandatory: users cannot mute it.

    Raises ValueError for an empty name.
    """
    if not (source_app and source_model):
        raise ValueError(
            "A kind has a source app and a source model: pass what its triggers pass "
            "to notify_user()."
        )
    kind = Kind(source_app, source_model, label, mandatory)
    _kinds[source_app, source_model] = kind
    return kind


def registered_kinds() -> list[Kind]:
    """Return all kinds in the order of their registration."""
    return list(_kinds.values())


def mutable_kinds() -> dict[str, Kind]:
    """Return the kinds that users can mute, by key."""
    return {kind.key: kind for kind in registered_kinds() if not kind.mandatory}


def find_kind(source_app: str, source_model: str) -> Kind | None:
    """Return the kind with these names, or None if it is not registered."""
    return _kinds.get((source_app, source_model))


def muted_kinds(user: "User", channel: Channel = Channel.APP) -> list[Kind]:
    """Return the kinds that the user has muted and that can still be muted."""
    return muted_by_channel(user)[channel]


def muted_by_channel(user: "User") -> dict[Channel, list[Kind]]:
    """Return the muted kinds of each channel, with one query."""
    muted: dict[Channel, list[Kind]] = {channel: [] for channel in Channel}
    rows = MutedKind.objects.filter(user=user)
    columns = ("source_app", "source_model", "channel")
    for app, model, channel in rows.values_list(*columns):
        kind = find_kind(app, model)
        if kind is not None and not kind.mandatory and channel in muted:
            muted[Channel(channel)].append(kind)
    return muted
