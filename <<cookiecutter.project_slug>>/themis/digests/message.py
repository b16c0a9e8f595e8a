"""The email about notifications, in its reader's language and formats."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Case, Value, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from themis import conf, formatting
from themis.digests.claim import Claim
from themis.digests.unsubscribing import unsubscribe_path
from themis.models import Level, UserNotification

MOST = 50  # notifications listed in one email; it counts the others
DANGER_FIRST = Case(When(level=Level.DANGER, then=Value(0)), default=Value(1))


class DigestMessage(EmailMultiAlternatives):
    # The sender needs to know whether the server accepted it, so even a backend that
    # queues emails sends this one now.
    is_awaited = True


def message_for(claim: Claim, address: str) -> DigestMessage | None:
    """Return the email, or None if nothing in it is unread anymore."""
    with formatting.override(claim.user.profile):
        count = claim.rows.count()
        rows = list(claim.rows.order_by(DANGER_FIRST, "-pk")[:MOST])
        return _message(claim, address, rows, count) if rows else None


def _message(
    claim: Claim, address: str, rows: list[UserNotification], count: int
) -> DigestMessage:
    site = conf.site_url()
    unsubscribe_url = site + unsubscribe_path(claim.user)
    list_url = site + reverse("themis:notification-list")
    context = {
        "subject": _subject(rows, count),
        "rows": [(row, _absolute(row.url) or list_url) for row in rows],
        "others": count - len(rows),
        "project_name": settings.PROJECT_NAME,
        "zone": claim.user.profile.zone.key,
        "list_url": list_url,
        "settings_url": site + reverse("themis:settings"),
        "unsubscribe_url": unsubscribe_url,
    }
    message = DigestMessage(
        f"[{settings.PROJECT_NAME}] {context['subject']}",
        _render("txt", context),
        to=[address],
        headers={
            "Message-ID": _message_id(claim),
            # RFC 8058: one click in the mail program.
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office replies
        },
    )
    message.attach_alternative(_render("html", context), "text/html")
    return message


def _render(kind: str, context: dict[str, Any]) -> str:
    return render_to_string(f"themis/email/digest.{kind}", context).strip() + "\n"


def _subject(rows: list[UserNotification], count: int) -> str:
    if count == 1:
        return " ".join(rows[0].title.split())  # a header is one line
    text = ngettext("%(count)s new notification", "%(count)s new notifications", count)
    return text % {"count": formatting.format_number(count)}


def _absolute(url: str) -> str:
    return conf.site_url() + url if url.startswith("/") else url


def _message_id(claim: Claim) -> str:
    """Return an id that stays the same if the email is sent again."""
    parts = f"{claim.user.pk}-{claim.up_to}"
    name = salted_hmac("themis.digests.message", parts, algorithm="sha256").hexdigest()
    return f"<{name[:32]}@{urlsplit(conf.site_url()).hostname}>"
