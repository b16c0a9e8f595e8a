"""The time zones that a user can choose from."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

__all__ = ["time_zone_options"]

REGIONS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic Ocean"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific Ocean"),
}


def time_zone_options(current: str) -> SafeString:
    """Return the options by continent, with their current offset from UTC.

    `current` is always included and selected.
    """
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    options = _options(now, translation.get_language())
    option = format_html('<option value="{}"', current)
    before, found, after = options.partition(f"{option}>")
    if not found:
        return format_html("{} selected>{}</option>{}", option, current, options)
    return format_html("{}{} selected>{}", *map(SafeString, (before, option, after)))


@lru_cache(maxsize=32)  # rendering 400 options would double the time of a page
def _options(now: datetime, language: str | None) -> SafeString:
    groups = [
        (region, format_html_join("", '<option value="{}">{}</option>', zones))
        for region, zones in _zones_by_region(now).items()
    ]
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((REGIONS.get(region, region), options) for region, options in groups),
    )


@lru_cache(maxsize=1)  # opens a few hundred files, whose answers change within hours
def _zones_by_region(now: datetime) -> dict[str, list[tuple[str, str]]]:
    regions: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if region in REGIONS:
            offset = f"{now.astimezone(ZoneInfo(name)):%z}"
            place = place.replace("_", " ").replace("/", ", ")
            label = f"{place} (UTC{offset[:3]}:{offset[3:5]})"
            regions.setdefault(region, []).append((name, label))
    return regions
