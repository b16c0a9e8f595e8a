"""Values that the format_* functions turn into an empty string."""

from typing import Literal

__all__ = ["Blank"]

Blank = Literal[""] | None
