"""The functions of `themis.formatting` as filters: `{% load themis %}`.

`{{ task.due|user_date }}` shows a date in the format of the current user.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _

from themis import formatting
from themis.formatting.blank import Blank

register = template.Library()

UNDO = "undo="  # prefix of the tag of a message that can be undone
MUTED = "muted"  # the tag of a message that the settings can undo


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """`{% error_prefix %}`: a prefix for the title of a page with form errors."""
    # Not isinstance(): that would evaluate lazy values, such as the CSRF token.
    values: list[Any] = [*context.flatten().values()]
    forms = [value for value in values if issubclass(type(value), BaseForm)]
    is_refused = context.get("problems") or any(form.errors for form in forms)
    return _("Error:") + " " if is_refused else ""


@register.filter
def undo(message: Message) -> str:
    """`{{ message|undo }}`: when its notifications were dismissed, if they were."""
    tag = message.extra_tags or ""
    return tag.removeprefix(UNDO) if tag.startswith(UNDO) else ""


@register.filter
def user_date(value: date | Blank) -> str:
    """`{{ task.due|user_date }}`: 31.12.2026"""
    return formatting.format_date(value)


@register.filter
def user_time(value: time | datetime | Blank) -> str:
    """`{{ event.starts_at|user_time }}`: 2:30 PM"""
    return formatting.format_time(value)


@register.filter
def user_datetime(value: datetime | Blank) -> str:
    """`{{ event.starts_at|user_datetime }}`: 31.12.2026 14:30"""
    return formatting.format_datetime(value)


@register.filter
def user_number(
    value: int | float | Decimal | Blank, decimals: int | None = None
) -> str:
    """`{{ invoice.total|user_number:2 }}`: 1.234,50"""
    return formatting.format_number(value, decimals)


@register.filter
def user_money(amount: int | float | Decimal | Blank, currency: str) -> str:
    """`{{ invoice.total|user_money:"EUR" }}`: 1.234,50 EUR"""
    return formatting.format_money(amount, currency)


@register.filter
def relative_time(value: date | Blank) -> str:
    """`{{ task.created_at|relative_time }}`: 3 minutes ago, the exact time on hover."""
    if value is None or value == "":
        return ""
    # The script that keeps it current, frontend/js/times.js, needs a datetime.
    if isinstance(value, datetime):
        html, exact = (
            '<time datetime="{}" title="{}" data-relative>{}</time>',
            formatting.format_datetime(value),
        )
    else:
        html, exact = (
            '<time datetime="{}" title="{}">{}</time>',
            formatting.format_date(value),
        )
    return format_html(
        html, value.isoformat(), exact, formatting.format_relative(value)
    )
