"""One file for each rule, named as its function in `tracker/triggers.py`.

A test says who is notified, of what and how often. It repeats neither the wording nor
the level, which may change without changing the rule.
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
    """It is noon in London on 10 March 2100, far enough ahead that what expires then
    has not expired in the database, whose rows are from today."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON
