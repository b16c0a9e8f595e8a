from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from themis.tests.conftest import empty_cache

__all__ = ["empty_cache"]

# However slow the machine is.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

# A broker and a cache that .env names are for the server of this checkout alone.
settings.CELERY_BROKER_URL = ""
settings.CELERY_TASK_ALWAYS_EAGER = True
settings.CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# The tests' staff have no second factor.
settings.THEMIS_STAFF_NEED_SECOND_FACTOR = False
# Uploads too go where no server looks for them.
settings.STORAGES = {
    **settings.STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}


@pytest.fixture
def user(db: None) -> Any:
    """Return a user, made as your user model asks for."""
    return get_user_model().objects.create_user("ada", "ada@example.com")


@pytest.fixture
def other_user(db: None) -> Any:
    return get_user_model().objects.create_user("bob", "bob@example.com")
