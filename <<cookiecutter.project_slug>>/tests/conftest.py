from typing import Any

import hypothesis
import pytest
from django.contrib.auth import get_user_model

from themis.tests.conftest import empty_cache

__all__ = ["empty_cache"]

# However slow the machine is.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")


@pytest.fixture
def user(db: None) -> Any:
    """Return a user, made as your user model asks for."""
    return get_user_model().objects.create_user("ada", "ada@example.com")


@pytest.fixture
def other_user(db: None) -> Any:
    return get_user_model().objects.create_user("bob", "bob@example.com")
