"""The current user's date and time formats, in Django's format characters."""

from themis.formatting.current import current_profile
from themis.formatting.format_characters import with_seconds

__all__ = ["date_pattern", "datetime_pattern", "time_pattern"]


def date_pattern() -> str:
    """Return the format of a date, such as "d.m.Y"."""
    return current_profile().date_format


def time_pattern(*, seconds: bool = False) -> str:
    """Return the format of a time of day, such as "H:i", or "H:i:s" with seconds."""
    pattern = current_profile().time_format
    return with_seconds(pattern) if seconds else pattern


def datetime_pattern(*, seconds: bool = False) -> str:
    """Return the format of a date and a time, such as "d.m.Y H:i"."""
    return f"{date_pattern()} {time_pattern(seconds=seconds)}"
