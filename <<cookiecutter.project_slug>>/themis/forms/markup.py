"""The HTML of Django's plain widgets, made without their templates.

A page with a form spent most of its time in templates of one line, which include one
another for each option and each attribute.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import django.forms
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

__all__ = ["plain_widget"]

DJANGO = Path(django.forms.__file__).parent
FOLDER = "django/forms/widgets"
OPTION = f"{FOLDER}/select_option.html"
INCLUDED = (OPTION, f"{FOLDER}/input.html", f"{FOLDER}/attrs.html")


def plain_widget(template_name: str, widget: Mapping[str, Any]) -> SafeString | None:
    """Return the HTML that this template makes, if it is one of Django's.

    None for others. A project may have templates of these names: they come first, as
    always.
    """
    make = WIDGETS.get(template_name)
    if make is None or not _is_of_django(template_name):
        return None
    for _name, options, _index in widget.get("optgroups", ()):
        if any(option["template_name"] != OPTION for option in options):
            return None
    return make(widget)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        _attributes(widget["attrs"]),
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = [
        (name, format_html_join("\n", "{}", ((_option(each),) for each in options)))
        for name, options, _index in widget["optgroups"]
    ]
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"],
        _attributes(widget["attrs"]),
        format_html_join(
            "\n",
            "{}",
            (
                [format_html('<optgroup label="{}">{}</optgroup>', name, options)]
                if name
                else [options]
                for name, options in groups
            ),
        ),
    )


def _option(option: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<option value="{}"{}>{}</option>',
        str(option["value"]),
        _attributes(option["attrs"]),
        option["label"],
    )


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            [format_html(" {}" if value is True else ' {}="{}"', name, value)]
            for name, value in attributes.items()
            if value is not False
        ),
    )


INPUTS = ("checkbox", "date", "datetime", "email", "number", "text", "time", "url")
WIDGETS = {f"{FOLDER}/{name}.html": _input for name in INPUTS} | {
    f"{FOLDER}/select.html": _select
}


@cache
def _is_of_django(template_name: str) -> bool:
    """Return whether this template and those that it includes are Django's."""
    templates: list[Any] = [get_template(name) for name in (template_name, *INCLUDED)]
    paths = [Path(template.origin.name) for template in templates]
    return all(path.is_relative_to(DJANGO) for path in paths)
