"""What owners do to a generated project. Each edit leaves the project's tests green.

Each module has edits of one kind. Importing it here registers them, in the order in which
they are made when all are made together.
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
