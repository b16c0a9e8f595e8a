"""The time zones that a user can choose from."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

__all__ = ["time_zones"]

# A name and its label, or a region and the names in it with their labels.
Choice = tuple[str | Promise, str | list[tuple[str, str]]]

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


def time_zones(current: str) -> Iterator[Choice]:
    """Yield the choices, by continent, with their distance from UTC now.

    `current` is always among them.
    """
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    regions = _zones_by_region(now)
    if current not in {name for zones in regions.values() for name, _label in zones}:
        yield current, current
    for region, zones in regions.items():
        yield REGIONS.get(region, region), zones


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
