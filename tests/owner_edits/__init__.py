"""What an owner does to a generated project: each edit leaves its tests green.

A module holds edits of one kind. Importing it here registers them, in the order in which
all of them are made together.
"""

from tests.owner_edits import (
    environment,
    jobs,
    languages,
    look,
    manifests,
    overlays,
    own_app,
    paper,
    people,
    project_settings,
    rules,
    tracker,
    workloads,
)
from tests.owner_edits.registry import EDITS, Edit

__all__ = [
    "EDITS",
    "Edit",
    "environment",
    "jobs",
    "languages",
    "look",
    "manifests",
    "overlays",
    "own_app",
    "paper",
    "people",
    "project_settings",
    "rules",
    "tracker",
    "workloads",
]
