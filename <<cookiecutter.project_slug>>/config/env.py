"""Read environment variables.

`NAME_FILE=/path` stands for the variable NAME in a mounted file.
"""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv(DEBUG=(bool, False))


def secret(name: str) -> str:
    """Return the variable without the trailing newline that mounted files often have.

    Return an empty string if it is missing.
    """
    value: str = env.str(name, default="")
    return value.strip()


def required(name: str, *, development: str) -> str:
    """Return the variable. If it is missing in development, return the given value.

    If it is missing in production, raise ImproperlyConfigured with its name.
    """
    value = secret(name) or (development if env.bool("DEBUG") else "")
    if not value:
        raise ImproperlyConfigured(
            f"Set the variable {name}, or {name}_FILE to the path of a file "
            "that holds it. See .env.example. On your own machine, `make .env` "
            "writes a .env file for development."
        )
    return value
