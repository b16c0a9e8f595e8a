"""Read environment variables.

`NAME_FILE=/path` stands for the variable NAME in a mounted file.
"""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv(DEBUG=(bool, False))


def secret(name: str) -> str:
    """Return the variable without the newline at the end that a mounted file often has.

    A missing variable is an empty string.
    """
    value: str = env.str(name, default="")
    return value.strip()


def required(name: str, *, development: str) -> str:
    """Return the variable, or in development the given value if it is missing.

    Raise ImproperlyConfigured, naming the variable, if it is missing in production.
    """
    value = secret(name) or (development if env.bool("DEBUG") else "")
    if not value:
        raise ImproperlyConfigured(
            f"Set the variable {name}, or {name}_FILE to the path of a file "
            "that holds it. .env.example says more. On your own machine, `make .env` "
            "writes a .env file for development."
        )
    return value
