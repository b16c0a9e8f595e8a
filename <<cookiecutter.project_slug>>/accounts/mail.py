"""The content of account emails: text, and links to this site only."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.account import app_settings
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.devices import device
from accounts.models import User
from themis import formatting
from themis.formatting import current_profile, format_datetime
from themis.models import UserProfile

ADDRESS = re.compile(r"https?://[^\s<>\"']+")


class Site:
    """The `current_site` of emails. A request's host could be forged."""

    def __init__(self, domain: str) -> None:
        self.domain = self.name = domain


def at_home(context: Mapping[str, object]) -> dict[str, object]:
    """Return a context in which all URLs start with THEMIS_SITE_URL.

    In development, where the port may differ, they start with the request's host.
    """
    if settings.DEBUG:
        return dict(context)
    home = urlsplit(settings.THEMIS_SITE_URL)
    return {
        "current_site": Site(home.netloc),
        **{
            name: urlsplit(value)
            ._replace(scheme=home.scheme, netloc=home.netloc)
            .geturl()
            if isinstance(value, str) and name.endswith("_url")
            else value
            for name, value in context.items()
        },
    }


def in_words(context: Mapping[str, object]) -> dict[str, object]:
    """Return a context with times that show their zone, and readable browser names.

    Add `valid_until`: when the link in the email expires.
    """
    words = dict(context)
    reader = context.get("user")
    profile = reader.profile if isinstance(reader, User) else current_profile()
    if isinstance(timestamp := context.get("timestamp"), datetime):
        words["timestamp"] = _moment(timestamp, profile)
    if isinstance(user_agent := context.get("user_agent"), str):
        words["user_agent"] = device(user_agent)
    for name, (_label, lifetime) in LINKS.items():
        if name in context:
            words["valid_until"] = _moment(timezone.now() + lifetime(), profile)
    return words


def button(context: Mapping[str, object]) -> tuple[str, str]:
    """Return the URL and the label of the email's main link, or empty strings."""
    for name, (label, _lifetime) in LINKS.items():
        if context.get(name):
            return str(context[name]), str(label)
    return "", ""


# By its name in the context: what the link does, and how long it is valid.
LINKS: dict[str, tuple[Promise, Callable[[], timedelta]]] = {
    "password_reset_url": (
        _("Choose a new password"),
        lambda: timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    ),
    "activate_url": (
        _("Confirm this address"),
        lambda: timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS),
    ),
}


def _moment(moment: datetime, profile: UserProfile) -> str:
    with formatting.override(profile):
        return f"{format_datetime(moment)} ({profile.zone.key})"


def linked(text: str, context: Mapping[str, object]) -> SafeString:
    """Return the text as HTML, in which the URLs of the context are links.

    Nothing else becomes a link, such as a user name that looks like a URL.
    """
    links = {value for name, value in context.items() if name.endswith("_url")}

    def link(match: re.Match[str]) -> str:
        address = match.group()
        if address not in links:
            return escape(address)
        return format_html('<a href="{0}">{0}</a>', address)

    parts = []
    end = 0
    for match in ADDRESS.finditer(text):
        parts += [escape(text[end : match.start()]), link(match)]
        end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe(linebreaks("".join(parts)))  # noqa: S308
