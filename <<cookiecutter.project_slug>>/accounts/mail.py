"""What stands in mails of the accounts: text, and links to this site alone."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

ADDRESS = re.compile(r"https?://[^\s<>\"']+")


class Site:
    """What mails call `current_site`: not what a request says, which may be forged."""

    def __init__(self, domain: str) -> None:
        self.domain = self.name = domain


def at_home(context: Mapping[str, object]) -> dict[str, object]:
    """Return a context in which all addresses are those of THEMIS_SITE_URL.

    In development, where the port may be another, they are those of the request.
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


def linked(text: str, context: Mapping[str, object]) -> SafeString:
    """Return the text as HTML, in which the addresses of the context are links.

    Nothing else is one, such as a name that looks like the address of a site.
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
