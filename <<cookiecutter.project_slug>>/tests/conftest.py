from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from themis.tests.conftest import empty_cache

__all__ = ["empty_cache"]

# No deadline, however slow the machine is.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

# A broker and a cache in .env are only for this checkout's server.
settings.CELERY_BROKER_URL = ""
settings.CELERY_TASK_ALWAYS_EAGER = True
settings.CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# Staff in tests have no second factor.
settings.THEMIS_STAFF_NEED_SECOND_FACTOR = False
# Uploads go where no server looks for them, too.
settings.STORAGES = {
    **settings.STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}


@pytest.fixture
def user(db: None) -> Any:
    """Return a new user with the fields that your user model requires."""
    return get_user_model().objects.create_user("ada", "ada@example.com")


@pytest.fixture
def other_user(db: None) -> Any:
    return get_user_model().objects.create_user("bob", "bob@example.com")
