"""Report problems as sentences, not as a comparison of sets."""

from collections.abc import Iterable

import pytest

SHOWN = 3


def report(problems: Iterable[str]) -> None:
    """Fail the test with these sentences, if there are any.

    One line in a file that all pods share may cause many: show only a few.
    """
    sentences = list(dict.fromkeys(problems))
    if hidden := sentences[SHOWN:]:
        sentences[SHOWN:] = [f"… and {len(hidden)} more like these."]
    if sentences:
        pytest.fail("\n".join(sentences), pytrace=False)
