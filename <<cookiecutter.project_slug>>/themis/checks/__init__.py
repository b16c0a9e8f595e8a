"""System checks for settings that Themis cannot work with.

Each module registers its checks when it is imported.
"""

from themis.checks import formats, preferences, sections, settings

__all__ = ["formats", "preferences", "sections", "settings"]
