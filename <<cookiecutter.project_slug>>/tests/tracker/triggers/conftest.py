"""One file for each rule, named after its function in `tracker/triggers.py`.

A test says who is notified, about what and how often. It doesn't repeat the text or the
level, which may change without changing the rule.
"""

from datetime import datetime

import pytest
from django.utils import timezone

from tests.tracker.triggers.days import NOON
from tracker import triggers


@pytest.fixture(autouse=True)
def rule(request: pytest.FixtureRequest) -> None:
    """Skip the tests of a rule that is gone."""
    name = request.path.stem.removeprefix("test_")
    if not hasattr(triggers, name):
        file = request.path.relative_to(request.config.rootpath)
        pytest.skip(f"tracker/triggers.py has no {name}(): delete {file}.")


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Set the time to noon in London on 10 March 2100, far enough ahead that the
    database, which uses the real time, regards nothing as expired."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON
