"""The peers' settings, as their documentation says."""

import os

SECRET_KEY = "benchmark"
_url = os.environ["DATABASE_URL"]
if _url.startswith("sqlite"):
    _database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _url.removeprefix("sqlite:///"),
    }
else:
    _socket, _, _name = _url.removeprefix("postgres://postgres@/").rpartition("/")
    _database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _name,
        "USER": "postgres",
        "HOST": _socket,
        "CONN_MAX_AGE": None,
    }
DATABASES = {"default": _database}

USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "notifications",
]
