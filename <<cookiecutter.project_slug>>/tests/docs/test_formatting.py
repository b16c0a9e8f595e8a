"""The examples of docs/formatting.md run."""

import doctest
from pathlib import Path
from typing import Any

from django.conf import settings

from themis.formatting import override
from themis.models import UserProfile

EXAMPLES = Path(settings.BASE_DIR, "docs", "formatting.md")


def test_examples(user: Any) -> None:
    user.profile.timezone = "Europe/Berlin"
    user.profile.date_format = "d.m.Y"
    user.profile.time_format = "g:i A"
    user.profile.number_format = "1.234.567,89"
    with override(UserProfile(timezone="UTC", language="en")):
        results = doctest.testfile(
            str(EXAMPLES), module_relative=False, globs={"user": user}
        )

    assert results.failed == 0
    assert results.attempted > 20
