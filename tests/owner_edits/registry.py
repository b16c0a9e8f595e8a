"""The edits, and how a module adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Apply = Callable[[Path], None]


@dataclass(frozen=True)
class Edit:
    """An edit of a project: `apply` takes the project's folder."""

    name: str
    apply: Apply
    # The paths of the tests that the edit can touch.
    tests: tuple[str, ...]
    # The sentence with which they fail, for an edit that has to be completed.
    says: str = ""
    # Whether it can be made together with all others.
    together: bool = True


EDITS: list[Edit] = []


def edit(*tests: str, says: str = "", together: bool = True) -> Callable[[Apply], Apply]:
    """Register a function that makes an edit, under its own name."""

    def register(apply: Apply) -> Apply:
        EDITS.append(Edit(apply.__name__, apply, tests, says, together and not says))
        return apply

    return register
