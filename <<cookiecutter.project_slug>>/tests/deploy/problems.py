"""Say what is wrong in sentences, not in a comparison of sets."""

from collections.abc import Iterable

import pytest


def report(problems: Iterable[str]) -> None:
    """Fail the test with these sentences, if there are any."""
    if sentences := list(dict.fromkeys(problems)):
        pytest.fail("\n".join(sentences), pytrace=False)
