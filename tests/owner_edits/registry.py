"""The registry of edits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Apply = Callable[[Path], None]


@dataclass(frozen=True)
class Edit:
    """An edit of a project. `apply` takes the project's folder."""

    name: str
    apply: Apply
    # The paths of the tests that the edit may affect.
    tests: tuple[str, ...]
    # Part of the message with which they fail, for an edit that is incomplete.
    says: str = ""
    # Whether it can be made together with all others.
    together: bool = True


EDITS: list[Edit] = []


def edit(*tests: str, says: str = "", together: bool = True) -> Callable[[Apply], Apply]:
    """Register a function that makes an edit, under its name."""

    def register(apply: Apply) -> Apply:
        EDITS.append(Edit(apply.__name__, apply, tests, says, together and not says))
        return apply

    return register
