"""What an owner does to a generated project: each edit leaves its tests green.

A module holds edits of one kind. Importing it here registers them.
"""

from tests.owner_edits import languages, manifests, workloads
from tests.owner_edits.registry import EDITS, Edit

__all__ = ["EDITS", "Edit", "languages", "manifests", "workloads"]
