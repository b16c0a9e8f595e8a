"""Log security events for the signals of Django and allauth about accounts."""

from typing import TYPE_CHECKING

from allauth.account import signals as account
from django.apps import apps
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest

from themis.http.authentication import account_of
from themis.security.log import security_event

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import _User as User

SIGNALS: dict[str, Signal] = {
    "signed_in": auth.user_logged_in,
    "signed_out": auth.user_logged_out,
    "signed_up": account.user_signed_up,
    "password_changed": account.password_changed,
    "password_set": account.password_set,
    "password_reset": account.password_reset,
    "email_added": account.email_added,
    "email_changed": account.email_changed,
    "email_removed": account.email_removed,
    "email_confirmed": account.email_confirmed,
    "identity_confirmed": account.authentication_step_completed,
}
REFUSALS: dict[str, Signal] = {"sign_in_refused": auth.user_login_failed}

if apps.is_installed("allauth.mfa"):
    from allauth.mfa import signals as mfa

    SIGNALS |= {
        "second_factor_added": mfa.authenticator_added,
        "second_factor_removed": mfa.authenticator_removed,
        "second_factor_reset": mfa.authenticator_reset,
    }
    REFUSALS["second_factor_refused"] = mfa.authentication_failed


def connect() -> None:
    """Log an event for each of the signals."""
    for name, signal in {**SIGNALS, **REFUSALS}.items():
        signal.connect(Receiver(name), dispatch_uid=f"themis.{name}", weak=False)


class Receiver:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self,
        sender: object,
        request: HttpRequest | None = None,
        user: "User | None" = None,
        email_address: "EmailAddress | None" = None,
        authenticator: "Authenticator | None" = None,
        credentials: dict[str, str] | None = None,
        **kwargs: object,
    ) -> None:
        if self.name == "signed_out" and user is None:
            return  # nobody was signed in
        if self.name == "identity_confirmed" and not kwargs.get("reauthenticated"):
            return  # part of a sign-in
        if user is None and email_address is not None:
            user = email_address.user
        if user is None and credentials is not None:
            user = account_of(**credentials)
        details = {"type": authenticator.type} if authenticator is not None else {}
        security_event(
            self.name,
            user,
            request=request,
            is_refusal=self.name in REFUSALS,
            **details,
        )
